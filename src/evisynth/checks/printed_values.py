"""Every value that a study file takes from its source: its numbers or words, and where they should stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from evisynth.checks.source_text import joined_ends, numbers_in, plain_text
from evisynth.quantities import Quantity
from evisynth.studies.study import Figure, Study

_LEVEL = re.compile(r"\d+(?:\.\d+)?\s*%\s*(?:ci\b|confidence)")
_DAYS = 30.4375
_NONE_WORDS = ("no", "zero", "none")
_SMALL_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
#: Fields whose numbers are places, or are gathered figure by figure.
_NOT_ACCOUNTING = frozenset(
    {"at", "also_at", "sha256", "not_this_study", "line", "column", "values", "figures", "overlaps"}
)
#: Words that a source may use for a state or a share without a digit.
_WORDS = {
    "not reached": ("not reached", "not yet reached", "not been reached", "nr", "unreached", "not met"),
    "majority": ("majority", "most"),
}


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """A value with its numbers, or the words one of which must be found, and its places."""

    name: str
    text: str
    numbers: tuple[Decimal, ...]
    words: tuple[str, ...]
    places: tuple[str, ...]
    line: int
    column: int

    @property
    def about(self) -> str:
        """What is spoken of, with the value as printed."""
        return f"{self.name}: {self.text}"


def printed_values(study: Study) -> Iterator[PrintedValue]:
    """Yield every value of a study file that its source prints."""
    for name, figure, second_place in _figures(study):
        yield from _value(name, figure, second_place)


def _figures(study: Study) -> Iterator[tuple[str, Figure | None, bool]]:
    """Yield each figure with its name, and whether its second place prints it too."""
    for name, group in study.groups.items():
        yield f"patients of {name}", group.n, True
    for block in study.outcomes:
        for name, row in block.values.items():
            for one in row.figures:
                yield f"{one.statistic} of {block.outcome} in {name}", one.figure, True
                yield f"at risk for {block.outcome} in {name}", one.figure.at_risk, True
    for comparison in study.comparisons:
        compared = ", ".join(comparison.of) or f"{comparison.within} by {comparison.by}"
        for one in comparison.figures:
            # The second place of a comparison may say only who was compared.
            own = one.figure.also_at != comparison.also_at
            yield f"{one.statistic} of {comparison.outcome} for {compared}", one.figure, own
    yield "patients looked at", study.cohort.screened, True
    if study.cohort.follow_up is not None:
        yield "median follow-up", study.cohort.follow_up.median, True
        yield "minimum follow-up", study.cohort.follow_up.minimum, True


def _value(name: str, figure: Figure | None, second_place: bool) -> Iterator[PrintedValue]:
    if figure is None or figure.worked_out is not None or figure.quantity.state == "not_reported":
        return
    text = figure.quantity.as_reported
    numbers = tuple(numbers_of(text))
    words = () if numbers else _words_for(figure.quantity)
    if numbers == (Decimal(0),):
        words = _NONE_WORDS
    elif len(numbers) == 1 and figure.quantity.unit == "patients":
        words = _number_in_words(int(numbers[0]))
    both = (figure.at, figure.also_at if second_place else None)
    places = tuple(place for place in both if place is not None)
    yield PrintedValue(name, text, numbers, words, places, figure.line, figure.column)


def _number_in_words(number: int) -> tuple[str, ...]:
    """Return a number below a hundred as it may be spelled out; hyphens are spaces."""
    if number < len(_SMALL_WORDS):
        return (_SMALL_WORDS[number],)
    if number >= 100:
        return ()
    tens, rest = divmod(number, 10)
    return (_TENS_WORDS[tens - 2] + (f" {_SMALL_WORDS[rest]}" if rest else ""),)


def numbers_of(text: str) -> Iterator[Decimal]:
    """Yield the numbers of a value, without the level of its interval."""
    for token in numbers_in(_LEVEL.sub(" ", plain_text(text))):
        yield token.value


def _words_for(quantity: Quantity) -> tuple[str, ...]:
    text = plain_text(quantity.as_reported).replace("-", " ")
    for key, words in _WORDS.items():
        if key in text:
            return words
    return (re.sub(r"^(about|approximately|nearly|almost|around|roughly) ", "", text).strip(),)


def numbers_accounted_for(study: Study) -> set[Decimal]:
    """Return every number that the study file holds, in values, times, labels, citation and notes."""
    found: set[Decimal] = set()
    for text in _texts(study):
        plain = plain_text(text)
        found.update(token.value for token in numbers_in(plain))
        found.update(joined_ends(plain))
    if study.cohort.accrual is not None:
        found.update(joined_ends("-".join(map(str, study.cohort.accrual))))
    for months in _times(study):
        for time in (months, months / 12, months * _DAYS, months * _DAYS / 7):
            if abs(time - round(time)) < 1e-6:
                found.add(Decimal(round(time)))
    return found


def _texts(study: Study) -> Iterator[str]:
    source, cohort = study.source, study.cohort
    for part in (source, cohort, *study.groups.values(), *study.comparisons, *study.claims, *study.outcomes):
        for name, value in part:
            if name not in _NOT_ACCOUNTING:
                yield from _strings(value)
    for block in study.outcomes:
        for row in block.values.values():
            yield from _strings((row.note, row.n, tuple(one.figure for one in row.figures)))
    for comparison in study.comparisons:
        yield from _strings(tuple(one.figure for one in comparison.figures))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int):
        yield str(value)
    elif isinstance(value, Quantity):
        yield value.as_reported
    elif isinstance(value, Figure):
        # What the reader suspects behind a misprint is not printed, and accounts for nothing.
        yield from _strings((value.quantity, value.n, value.at_risk, value.worked_out, value.note))
    elif isinstance(value, tuple):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, BaseModel):
        for _, part in value:
            yield from _strings(part)


def _times(study: Study) -> Iterator[float]:
    for block in study.outcomes:
        for row in block.values.values():
            yield from (one.time_months for one in row.figures if one.time_months is not None)
    for comparison in study.comparisons:
        if comparison.time_months is not None:
            yield comparison.time_months
