"""Near misses of study names that files get wrong, looked for in many files without end."""

from __future__ import annotations

from collections.abc import Iterable

from evisynth.errors import suggestion_text

#: Near misses are looked for so many times at most: each time walks all names.
_MOST_LOOKED_FOR = 20


class StudyNames:
    """The names of all studies, with what to type instead of others."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(names)
        self._advice: dict[str, str] = {}

    def advice(self, name: str) -> str:
        """Say what to type instead of a name; empty past the first few unknown ones."""
        if name not in self._advice and len(self._advice) < _MOST_LOOKED_FOR:
            self._advice[name] = suggestion_text(name, self.names)
        return self._advice.get(name, "")
