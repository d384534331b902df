"""``same_bytes.py ARCHIVE.tar.gz SECONDS``: writes an archive again, in one order, its times those seconds.

setuptools puts into a source archive when its files were touched; the same commit has to give the same bytes.
"""

from __future__ import annotations

import gzip
import io
import sys
import tarfile
from pathlib import Path


def write_again(archive: Path, seconds: int) -> None:
    """Write an archive anew, without what depends on the machine: times, owners, rights, order."""
    content = io.BytesIO()
    with (
        tarfile.open(archive, "r:gz") as old,
        tarfile.open(fileobj=content, mode="w", format=tarfile.USTAR_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            member.mtime, member.pax_headers = seconds, {}
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    archive.write_bytes(gzip.compress(content.getvalue(), 9, mtime=seconds))


if __name__ == "__main__":
    write_again(Path(sys.argv[1]), int(sys.argv[2]))
