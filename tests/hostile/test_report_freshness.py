"""A report is made again when what it says could have changed, whatever the times of the files say."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evisynth import open as open_project
from evisynth.pipeline import publish as publishing

PAGE = Path("build") / "report" / "index.html"
STUDY = Path("studies") / "net-liver-surgery-34.yaml"


@pytest.fixture
def makes_anew(answered: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Ask for the report once more, and tell whether it was made again."""

    def ask() -> bool:
        made: list[Path] = []

        def publish(
            project: object, folder: Path, *, gallery: bool, single_file: bool
        ) -> tuple[Path, list[Path]]:
            made.append(folder)
            return folder / "index.html", []

        monkeypatch.setattr(publishing, "publish", publish)
        page, changed = open_project(answered).write_report(answered / PAGE.parent)
        assert (page, changed) == (answered / PAGE, [])
        return bool(made)

    return ask


def test_nothing_changed(answered: Path, makes_anew: Callable[[], bool]) -> None:
    assert not makes_anew()
    os.utime(answered / STUDY)  # touched, with the same content
    assert not makes_anew()


def append_older(path: Path) -> None:
    before = path.stat()
    path.write_text(path.read_text() + "# newer in content, older in time\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns - 10**9))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a study, older in time": lambda folder: append_older(folder / STUDY),
    "a study that went": lambda folder: (folder / STUDY).unlink(),
    "a study that came": lambda folder: shutil.copy(folder / STUDY, folder / "studies" / "copy.yaml"),
    "a question": lambda folder: append_older(next((folder / "evidence" / "questions").iterdir())),
    "the vocabulary": lambda folder: append_older(folder / "evidence" / "vocabulary.yaml"),
    "a committed answer": lambda folder: next((folder / "evidence" / "results").glob("*.svg")).write_text(""),
    "an empty page": lambda folder: (folder / PAGE).write_text(""),
    "half a page": lambda folder: (folder / PAGE).write_bytes((folder / PAGE).read_bytes()[:5000]),
    "no page": lambda folder: (folder / PAGE).unlink(),
    "no stamp": lambda folder: (folder / PAGE).with_name(".evisynth-report.json").unlink(),
    "half a stamp": lambda folder: (folder / PAGE).with_name(".evisynth-report.json").write_text('{"pages":'),
    "another stamp": lambda folder: (folder / PAGE).with_name(".evisynth-report.json").write_text("[]"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_noticed(answered: Path, makes_anew: Callable[[], bool], change: str) -> None:
    CHANGES[change](answered)
    assert makes_anew()


def test_a_gallery_that_was_not_written_is_asked_for(answered: Path) -> None:
    from evisynth.pipeline.page_freshness import current_page

    assert current_page(answered, answered / PAGE.parent, gallery=False) == answered / PAGE
    assert current_page(answered, answered / PAGE.parent, gallery=True) is None


def test_one_file_is_another_report(answered: Path) -> None:
    from evisynth.pipeline.page_freshness import current_page

    folder = answered / PAGE.parent
    assert current_page(answered, folder, gallery=False, single_file=True) is None


def test_pages_of_what_went_are_removed_and_nothing_else(tmp_path: Path) -> None:
    from evisynth.pipeline.page_freshness import STAMP_NAME, remove_old_pages, write_stamp

    folder, outside = tmp_path / "report", tmp_path / "outside.html"
    outside.write_text("kept")
    places = ("index.html", "studies/gone.html", "studies/changed.html", "notes.txt")
    for place in places:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text("old")
    write_stamp(folder, [folder / place for place in places], {})
    stamp = (folder / STAMP_NAME).read_text()
    digest = stamp.rpartition('": "')[2].partition('"')[0]
    (folder / STAMP_NAME).write_text(
        stamp.replace('"pages": {', f'"pages": {{"../outside.html": "{digest}", ')
    )
    (folder / "studies" / "changed.html").write_text("somebody's own")
    remove_old_pages(folder, [folder / "index.html"])
    left = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert left == [STAMP_NAME, "index.html", "notes.txt", "studies/changed.html"]
    assert outside.read_text() == "kept"
