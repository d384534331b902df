"""Types of the keys of a question (tags, shares, priors), and what a question is read with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evisynth.measures import EffectMeasure as Measure
from evisynth.reading import AnyText, Scalar, Schema, Sequence, TextType, refused, scalar, text_of
from evisynth.studies import TermName, Time
from evisynth.vocabulary import TermKind, Vocabulary

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

_ABOVE_ZERO = r"(?=[\d.]*[1-9])\d*\.?\d+"
#: Priors on tau that a question may name, with figures that give a density.
_TAU_PRIOR = re.compile(
    rf"(half-normal|half-cauchy)\({_ABOVE_ZERO}\)|half-t\({_ABOVE_ZERO}, ?{_ABOVE_ZERO}\)"
    rf"|log-normal\(-?\d*\.?\d+, ?{_ABOVE_ZERO}\)",
    re.ASCII,
)


@dataclass(slots=True)
class QuestionReading:
    """What a question is read with: the vocabulary, its file's name, and the studies that there are.

    ``measure`` is the effect measure that the file names, once the reading has begun.
    """

    vocabulary: Vocabulary
    stem: str
    studies: Collection[str] | None = None
    measure: Measure | None = None


class Share(TextType):
    """A share that a question sets, ``95%`` or ``0.95``; it is less than the upper of its limits."""

    def __init__(self, limits: tuple[float, float], code: str, what: str, fix: str) -> None:
        self.limits, self.code, self.what, self.fix = limits, code, what, fix

    def read(self, node: Any, context: Any = None) -> float:
        """Return the share, from 0 to 1."""
        text = text_of(node)
        lowest, highest = self.limits
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = 0.0
        if not (share > 0 and lowest <= share < highest):
            raise refused(self.code, f"'{text}' is no {self.what}", self.fix)
        return share


class WholeNumber(TextType):
    """A whole number, from ``lowest`` on; ``what`` tells it to people."""

    asks_context = False

    def __init__(self, lowest: int = 1, code: str = "unreadable-order", what: str = "whole number") -> None:
        self.lowest, self.code, self.what = lowest, code, what
        self.schema = {"type": "integer", "minimum": lowest}

    def read(self, node: Any, context: Any = None) -> int:
        """Return the number."""
        text = text_of(node)
        if re.fullmatch(r"0|[1-9]\d{0,6}", text, re.ASCII) and int(text) >= self.lowest:
            return int(text)
        raise refused(self.code, f"'{text}' is no {self.what} from {self.lowest}", "type it in digits")


class TimesOfQuestion(Time):
    """A time, or several of one curve: ``[1, 3, 5, 10 years]``; numbers take the unit that follows."""

    schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "number"]}}]}  # noqa: RUF012

    def read(self, node: Any, context: Any = None) -> Any:
        """Return the months; of several times in their order."""
        if not isinstance(node, Sequence):
            return super().read(node, context)
        unit, times = "", []
        for item in reversed(node):
            text = text_of(item)
            number, _, own = text.strip().partition(" ")
            unit = own or unit
            times.append(super().read(scalar(f"{number} {unit}".strip()), context))
        if len(set(times)) < 2:
            fix = "type several, as in time: [1, 3, 5 years], or one without brackets"
            raise refused("one-time-of-a-curve", "a curve takes several times", fix)
        return tuple(sorted(set(times)))


class TauPrior(TextType):
    """A prior on tau by its name and figures."""

    def read(self, node: Any, context: Any = None) -> str:
        """Return the text."""
        text = text_of(node)
        if _TAU_PRIOR.fullmatch(text) and _is_within_reason(text):
            return text
        fix = (
            "type half-normal(0.5), half-t(0.5, 4), half-cauchy(0.5) or log-normal(-1.75, 0.63), "
            "with the scale, from 0.001 to 10, that fits the measure"
        )
        raise refused("unknown-prior", f"'{text}' is no prior on tau", fix)


def _is_within_reason(prior: str) -> bool:
    """Whether tau may be what the prior says: far beyond, a limit of the answer would be no number."""
    name, _, figures = prior.rstrip(")").partition("(")
    first, *others = (float(figure) for figure in figures.split(","))
    if name == "log-normal":
        return -10 <= first <= 2 and others[0] <= 3
    return 0.001 <= first <= 10 and all(0.5 <= freedom <= 1000 for freedom in others)


class OneOrMore:
    """Several values, each read by a type of its own; one of them needs no list."""

    def __init__(self, item: TextType | None = None) -> None:
        self.item = item or AnyText()

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        item = self.item.__get_pydantic_core_schema__(source, handler)
        listed = core_schema.no_info_before_validator_function(
            lambda node: [node] if isinstance(node, Scalar) else node,
            core_schema.tuple_schema([item], variadic_item_index=0),
        )
        return core_schema.no_info_after_validator_function(self._once, listed)

    @staticmethod
    def _once(values: Iterable[Any]) -> tuple[Any, ...]:
        """Return each value once; what stands for several gives them all."""
        every = [one for value in values for one in (value if isinstance(value, tuple) else (value,))]
        return tuple(dict.fromkeys(every))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Any) -> Schema:
        item = self.item.__get_pydantic_json_schema__(core, handler)
        return {"anyOf": [item, {"type": "array", "items": item}]}


class Tag(TermName):
    """A term, which stands for itself and for all that are narrower."""

    def read(self, node: Any, context: Any = None) -> Any:
        """Return the ids."""
        term = super().read(node, context)
        return () if term is None else context.vocabulary.narrower(self.kind, term)


def tags(kind: TermKind) -> OneOrMore:
    """Return the type of the terms of one kind, one of which a group must carry."""
    return OneOrMore(Tag(kind))
