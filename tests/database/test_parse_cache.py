from __future__ import annotations

from pathlib import Path

import pytest

from evisynth.database import ParseCache

ROWS = {"author": [{"study_id": "a", "position": 1, "name": "Göran Åkerström"}]}


@pytest.fixture
def cache(tmp_path: Path) -> ParseCache:
    return ParseCache(tmp_path / "rows", "reader", "words")


def test_rows_come_back_as_one_line(cache: ParseCache) -> None:
    key = cache.key("a.yaml", "1")
    assert cache.get(key) is None
    cache.put(key, ROWS)
    line = cache.get(key)
    assert line is not None and line.count(b"\n") == 1 and "Göran Åkerström".encode() in line


def test_an_entry_that_was_cut_short_is_no_entry(cache: ParseCache) -> None:
    key = cache.key("a.yaml", "1")
    cache.put(key, ROWS)
    (path,) = cache.folder.rglob(key)
    path.write_bytes(path.read_bytes()[:-1])
    assert cache.get(key) is None


def test_the_key_depends_on_everything_that_decides_the_rows(tmp_path: Path) -> None:
    keys = {
        ParseCache(tmp_path, reader, words).key(name, sha256)
        for reader in ("r", "s")
        for words in ("v", "w")
        for name in ("a.yaml", "b.yaml")
        for sha256 in ("1", "2")
    }
    assert len(keys) == 16


def test_entries_that_are_not_needed_are_deleted(cache: ParseCache) -> None:
    keys = [cache.key(f"{number}.yaml", "1") for number in range(5)]
    cache.keep_only(keys)  # nothing there yet
    for key in keys:
        cache.put(key, ROWS)
    cache.keep_only(keys[:2])
    assert [cache.get(key) is not None for key in keys] == [True, True, False, False, False]
