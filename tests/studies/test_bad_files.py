"""Every broken file of tests/bad names exactly the places that its first lines expect."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evisynth.errors import FindingsError
from evisynth.studies import read_study
from evisynth.vocabulary import Vocabulary

BAD = Path(__file__).parents[1] / "bad"
FILES = sorted(BAD.glob("*.yaml"))
EXPECTED = re.compile(r"^(?:# expected: )?(\d+):(\d+) ([a-z0-9-]+)$", re.MULTILINE)

# Codes that a committed file of the folder cannot show; test_hostile_files.py and test_read_studies.py do.
MADE_BY_TESTS = {
    "too-large", "too-deep", "symlink-loop", "no-such-file", "no-such-folder", "not-a-file",
    "unreadable-file", "duplicate-id", "wrong-suffix", "too-long", "too-many-parts",
}  # fmt: skip
# Vocabulary files have these; test_read_vocabulary.py shows them.
OF_VOCABULARIES = {"ambiguous-name", "term-cycle", "unknown-term"}
# The last resorts, for mistakes that nobody has thought of yet.
LAST_RESORTS = {"invalid-study", "yaml-syntax"}


def expectations(path: Path) -> list[tuple[int, int, str]]:
    beside = path.with_suffix(".expected")
    text = (beside if beside.exists() else path).read_bytes().decode("utf-8", "replace")
    return [(int(line), int(column), code) for line, column, code in EXPECTED.findall(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_names_the_place(path: Path, vocabulary: Vocabulary) -> None:
    expected = expectations(path)
    assert expected
    with pytest.raises(FindingsError) as caught:
        read_study(path, vocabulary)
    findings = caught.value.findings
    assert [(finding.line, finding.column, finding.code) for finding in findings] == expected
    for finding in findings:
        assert finding.file == f"bad/{path.name}"
        assert finding.level == "error"
        assert finding.message and finding.fix
        assert str(finding).startswith(f"bad/{path.name}:{finding.line}:{finding.column}: error: ")


def test_every_code_has_a_broken_file() -> None:
    source = Path(__file__).parents[2] / "src" / "evisynth"
    files = [*(source / "reading").glob("*.py"), *(source / "studies").glob("*.py")]
    files.remove(source / "studies" / "template.py")  # made of examples
    files += [source / "quantities.py", source / "printed_numbers.py", source / "value_refusals.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    text = re.sub(r"Key\((?:[^()]|\([^()]*\))*\)", "", text)  # examples of values are no codes
    hyphenated = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', text)) - {"utf-8", "non-significant"}
    codes = {code for code in hyphenated if code not in MADE_BY_TESTS | OF_VOCABULARIES | LAST_RESORTS}
    codes |= {"tab", "alias", "anchor", "tag", "indentation", "unclosed", "backslash"}
    codes |= {f"unknown-{kind}" for kind in ("intervention", "extent", "site", "population")}
    shown = {code for path in FILES for _, _, code in expectations(path)}
    assert codes - shown == set()
    assert shown - codes == set()
