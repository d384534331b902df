"""What effects may differ by: years, time, patients, tags of groups, and covariates that studies print.

Each is found by name, and knows its value for a row. Years and covariates belong to studies or groups, never
to single patients: what they say of effects holds between studies only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from evisynth.near_names import suggestion_text
from evisynth.outcomes.comparison import Arm, Comparison
from evisynth.outcomes.question_types import OneOrMore, QuestionReading
from evisynth.reading import AnyText, Block, Key, Mistakes, TextType, nodes, refused, text_of
from evisynth.vocabulary import SECTIONS, Vocabulary, fold_name, names_of
from evisynth.wording import plain_number

Value = float | str


@dataclass(frozen=True, slots=True)
class Moderator:
    """Something that effects may differ by.

    ``value_of`` gives its value for a row, None where it is not known; a number where ``numeric``, else the
    id of a term. ``step`` is the change that sentences speak of: 10 years. ``at`` are values for which the
    fitted effect is told, ``reference`` the level that others are set against, ``labels`` how levels are
    written.
    """

    id: str
    words: str
    value_of: Callable[[Comparison], Value | None] = field(repr=False, compare=False)
    numeric: bool = True
    unit: str = ""
    step: float = 1.0
    names: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    reference: str | None = None
    at: tuple[Value, ...] = ()

    def text(self, value: Value) -> str:
        """Write a value: ``2005``, ``45%``, ``Pancreas``."""
        if isinstance(value, str):
            return self.labels.get(value, value)
        if self.unit == "%":
            return f"{plain_number(100 * value)}%"
        shown = (
            f"{value:.0f}" if self.id.endswith("_year") and value == int(value) else plain_number(value, 5)
        )
        return f"{shown} {self.unit}".rstrip() if self.unit != "calendar year" else shown

    @property
    def step_text(self) -> str:
        """Write the step: ``10 years``, ``10 percentage points``."""
        if self.unit == "%":
            return f"{plain_number(100 * self.step)} percentage points"
        unit = "years" if self.unit == "calendar year" else self.unit
        return f"{plain_number(self.step)} {unit}".rstrip()

    def read(self, text: str) -> Value | None:
        """Read a value as a person types it; None where it is none."""
        if not self.numeric:
            return {fold_name(name): id_ for id_, label in self.labels.items() for name in (id_, label)}.get(
                fold_name(text)
            )
        number = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*(\D*)", text.strip())
        if number is None or number.group(2).strip() not in ("", self.unit):
            return None
        value = float(number.group(1))
        if self.unit == "%":
            share = value / 100 if number.group(2) else value
            return share if 0 <= share <= 1 else None
        return value


def _arms(comparison: Comparison) -> tuple[Arm, ...]:
    return (comparison.index,) if comparison.reference is None else (comparison.index, comparison.reference)


def _middle_of_accrual(comparison: Comparison) -> float | None:
    years = [float(word) for word in (comparison.accrual or "").split() if word.isdigit()]
    return sum(years) / len(years) if years else None


def _publication(comparison: Comparison) -> float | None:
    return None if comparison.publication_year is None else float(comparison.publication_year)


def _patients(comparison: Comparison) -> float | None:
    sizes = [arm.size.shown for arm in _arms(comparison)]
    return None if None in sizes else float(sum(size for size in sizes if size is not None))


def _time(comparison: Comparison) -> float | None:
    return comparison.time_months


def _tag(kind: str) -> Callable[[Comparison], str | None]:
    def value_of(comparison: Comparison) -> str | None:
        found = {arm.tags.get(kind) for arm in _arms(comparison)}
        return found.pop() if len(found) == 1 else None

    return value_of


def _covariate(id_: str) -> Callable[[Comparison], float | None]:
    """Take the covariate of a single group; of two, that of a group that holds both, else their average."""

    def value_of(comparison: Comparison) -> float | None:
        found = [arm.covariates.get(id_) for arm in _arms(comparison)]
        known = [one for one in found if one is not None]
        if len(known) < len(found):
            return None
        if len({one.group for one in known}) == 1:
            return known[0].value
        sizes = [arm.size.shown or 0 for arm in _arms(comparison)]
        if 0 in sizes:
            return None
        return sum(n * one.value for n, one in zip(sizes, known, strict=True)) / sum(sizes)

    return value_of


_FACTS = (
    Moderator(
        "accrual_year", "year of accrual (middle)", _middle_of_accrual, unit="calendar year", step=10.0,
        names=("year of accrual", "year", "accrual"),
    ),
    Moderator(
        "publication_year", "year of publication", _publication, unit="calendar year", step=10.0,
        names=("year of publication", "publication"),
    ),
    Moderator("time", "time", _time, unit="months", step=12.0),
    Moderator("patients", "number of patients", _patients, step=100.0, names=("number of patients", "size")),
)  # fmt: skip


def known_moderators(vocabulary: Vocabulary | None = None) -> dict[str, Moderator]:
    """Return every moderator by its id: facts of rows, kinds of tags, covariates of the vocabulary."""
    known = {one.id: one for one in _FACTS}
    known["block"] = Moderator("block", "block of rows", lambda row: row.row_group, numeric=False)
    if vocabulary is None:
        return known
    for kind in SECTIONS:
        labels = {term.id: term.label for term in vocabulary.terms.get(kind, {}).values()}
        words = kind.replace("_", " ")
        known[kind] = Moderator(kind, words, _tag(kind), numeric=False, names=(words,), labels=labels)
    for id_, one in vocabulary.covariates.items():
        share = one.type == "share"
        known.setdefault(
            id_,
            Moderator(
                id_,
                one.label[:1].lower() + one.label[1:],
                _covariate(id_),
                unit="%" if share else one.unit or "",
                step=0.1 if share else 10.0 if one.unit == "years" else 1.0,
                names=names_of(one),
            ),
        )
    return known


def find_moderator(name: str, vocabulary: Vocabulary | None = None) -> Moderator | str:
    """Return the moderator of a name, or what to type instead."""
    known = known_moderators(vocabulary)
    named = {fold_name(other): one for one in known.values() for other in (one.id, *one.names)}
    found = named.get(fold_name(name))
    return found or suggestion_text(name, [one.id.replace("_", " ") for one in known.values()])


class _ModeratorName(TextType):
    """A moderator by any of its names."""

    def read(self, node: Any, context: Any = None) -> Moderator:
        """Return the moderator."""
        text = text_of(node)
        found = find_moderator(text, context.vocabulary)
        if isinstance(found, str):
            raise refused("unknown-moderator", f"nothing is known of rows as '{text}'", found)
        return found


@dataclass(frozen=True)
class ModeratorKeys(Block):
    """The keys of a moderator of a question."""

    by: Annotated[
        Any,
        _ModeratorName(),
        Key(
            "What effects may differ by: year of accrual (its middle), year of publication, time, patients, "
            "block, a kind of tag, or a covariate of the vocabulary.",
            "year of accrual",
        ),
    ]
    reference: Annotated[
        str | None, AnyText(), Key("Level that the others are set against, where it has levels.", "pancreas")
    ] = None
    at: Annotated[
        tuple[str, ...], OneOrMore(), Key("Values for which the fitted effect is told.", "[1990, 2010]")
    ] = ()

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: nodes.Mapping, context: QuestionReading, mistakes: Mistakes
    ) -> Moderator:
        """Return the moderator with its values."""
        read = super().validated(handler, node, context, mistakes)
        found: Moderator = read.by
        at = tuple(_value(found, text, node, "at", mistakes) for text in read.at)
        reference = None
        if read.reference is not None and found.numeric:
            message = f"{found.words} is a number, and has no reference level"
            mistakes.refuse(node["reference"], "reference-unused", message, "take it out")
        elif read.reference is not None:
            reference = _value(found, read.reference, node, "reference", mistakes)
        return replace(found, at=tuple(v for v in at if v is not None), reference=reference)


def _value(moderator: Moderator, text: str, node: nodes.Mapping, key: str, mistakes: Mistakes) -> Any:
    """Read a value of a moderator; levels of a block of rows are the question's own labels."""
    value = text if moderator.id == "block" else moderator.read(text)
    if value is None:
        message = f"'{text}' is no {moderator.words}"
        levels = suggestion_text(text, tuple(moderator.labels.values()))
        fix = (
            f"type a number{', as in 45%' if moderator.unit == '%' else ''}" if moderator.numeric else levels
        )
        mistakes.refuse(node[key], "unreadable-moderator-value", message, fix)
    return value
