"""Footnotes of a forest plot: a letter for each reason or flag, and a legend of what is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evisynth.answers import AnswerRow
from evisynth.figures.forest_plot.layout import Footnote, ForestLine
from evisynth.figures.forest_plot.source import ForestSource, known_size
from evisynth.figures.forest_plot.words import REASSURING_FLAGS, as_sentence, flag_text, grade_note
from evisynth.wording import in_words


def note_letter(number: int) -> str:
    """Return a, b, ..., z, aa, ab, ... for 0, 1, ..."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


@dataclass(slots=True)
class NoteBook:
    """Gives each different note one letter, in the order in which they are met."""

    letters: dict[str, str] = field(default_factory=dict)

    def mark(self, text: str) -> str:
        """Return the letter of a note, a new one when it was not said before."""
        return self.letters.setdefault(text, note_letter(len(self.letters)))

    def marks_of(self, row: AnswerRow, source: ForestSource) -> str:
        """Return the letters of a row: why it is not pooled, and what must be known to read it."""
        texts = [] if row.included else _reason_texts(row, source)
        texts += [flag_text(flag) for flag in row.effect.flags if flag not in REASSURING_FLAGS]
        return ",".join(dict.fromkeys(self.mark(text) for text in texts))

    def footnotes(self, unmarked: Iterable[str]) -> tuple[Footnote, ...]:
        """Return the notes with their letters, then those that speak of the whole plot."""
        marked = [Footnote(letter, text) for text, letter in self.letters.items()]
        return (*marked, *(Footnote("", text) for text in unmarked))


def _reason_texts(row: AnswerRow, source: ForestSource) -> list[str]:
    """Say why a drawn row is not pooled; nothing when the refusal under the plot has said the same."""
    reason = _in_words(row.reason or row.effect.reason or "left out")
    if any(summary.pooled is None and _in_words(summary.refused) == reason for summary in source.summaries):
        return []
    return [as_sentence(reason) if reason.startswith("left out") else f"Not pooled: {reason}."]


def _in_words(reason: str | None) -> str:
    return in_words(reason or "").strip().rstrip(".")


def legend_notes(source: ForestSource, lines: Sequence[ForestLine]) -> list[str]:
    """Say what stands behind the rows, then explain the marks and grades that occur, and no others."""
    marks = [line.mark for line in lines if line.mark is not None]
    squares = [mark for mark in marks if mark.shape == "square"]
    small = [mark for mark in marks if mark.shape == "small diamond"]
    bounds = [mark for mark in marks if mark.shape == "bound"]
    sized = any(known_size(row) for row in source.rows)
    explained = {
        "The area of a square shows its weight.": any(row.weight is not None for row in source.rows),
        "Hollow square: left out of pooling.": any(not mark.filled for mark in squares),
        "Pale marks under a row: other recoveries of the same patients, never pooled beside it.": any(
            line.ghosts for line in lines
        ),
        "Arrow without square: only a bound is known.": any(
            mark.lower_arrow or mark.upper_arrow for mark in bounds
        ),
        "Line without square: only what lies within its ends is known.": any(
            not (mark.lower_arrow or mark.upper_arrow) for mark in bounds
        ),
        "Arrowhead: the interval goes on beyond the axis.": any(
            mark.shape != "bound" and (mark.lower_arrow or mark.upper_arrow) for mark in marks
        ),
        "Arrowhead of a row without square: its estimate lies beyond the axis.": any(
            mark.estimate is None for mark in (*squares, *small)
        ),
        "Hollow diamond: exploratory.": any(
            mark.shape in ("diamond", "small diamond") and not mark.filled for mark in marks
        ),
        "–: not stated.": sized
        and any(line.kind == "row" and "–" in line.cells.get("n", "") for line in lines),
    }
    legend = " ".join(text for text, occurs in explained.items() if occurs)
    grades = grade_note([row.effect.grade for row in source.rows if row.index_label or row.reference_label])
    return [text for text in (*source.notes, legend, grades) if text]
