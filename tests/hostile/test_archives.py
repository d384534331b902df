"""A source archive is written again with the same bytes, whatever its files were touched by."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from same_bytes import write_again


def archive(path: Path, touched: int, owner: str, names: list[str]) -> bytes:
    with tarfile.open(path, "w:gz") as file:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.uname, member.mode = len(name), touched, owner, 0o664
            file.addfile(member, io.BytesIO(name.encode()))
    write_again(path, 1_700_000_000)
    return path.read_bytes()


def test_times_owners_rights_and_order_do_not_matter(tmp_path: Path) -> None:
    one = archive(tmp_path / "one.tar.gz", 1, "somebody", ["p/a", "p/b"])
    other = archive(tmp_path / "other.tar.gz", 2_000_000_001, "else", ["p/b", "p/a"])
    assert one == other
    with tarfile.open(tmp_path / "one.tar.gz") as file:
        assert [(m.name, m.mtime, m.mode) for m in file] == [
            (n, 1_700_000_000, 0o644) for n in ("p/a", "p/b")
        ]
        found = file.extractfile("p/b")
        assert found is not None and found.read() == b"p/b"
