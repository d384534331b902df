"""Published reviews of the same questions, ``evidence/reviews.yaml``: what each asked, and what it found.

A review is no study: nothing of it is pooled. Its results stand beside the answers, each with its direction
said outright, since some print odds of death below 1 as better survival, and some odds of survival.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping as MappingOf
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from evisynth.errors import FindingsError, UnknownNameError
from evisynth.measures import EffectMeasure, question_measure, question_measures
from evisynth.near_names import suggestion_text
from evisynth.outcome_events import SpeaksOf
from evisynth.outcomes.question_types import WholeNumber
from evisynth.printed_statistics import STATISTICS
from evisynth.quantities import Kind, Quantity, QuantityError, parse_quantity
from evisynth.reading import (
    Block,
    Choice,
    Filled,
    Key,
    Mapping,
    Mistakes,
    Pattern,
    Required,
    Scalar,
    Text,
    Texts,
    TextType,
    Words,
    plain_text,
    read_model,
    read_yaml_file,
    refused,
    text_of,
)
from evisynth.studies import OutcomeName, QuestionId, StudyId, Time
from evisynth.vocabulary import Vocabulary

ReviewKind = Literal["meta-analysis", "systematic review", "narrative review", "citation only"]
_KINDS = ("meta-analysis", "systematic review", "narrative review", "citation only")
_COUNT = WholeNumber(0, "unreadable-count", "whole number")


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """What reviews ask of a question: its outcome, as it is typed, and the labels of its blocks."""

    outcome: str
    blocks: tuple[str, ...]


@dataclass(slots=True)
class ReviewReading:
    """What reviews are read with: the vocabulary, the studies, and a card of each question."""

    vocabulary: Vocabulary
    studies: tuple[str, ...]
    questions: MappingOf[str, QuestionCard]


class _Known(TextType):
    """A name that stands for a file of the project."""

    def __init__(self, kind: Literal["question", "study"]) -> None:
        self.kind = kind
        self._id = QuestionId() if kind == "question" else StudyId()
        self.schema = dict(self._id.schema)

    def read(self, node: Any, context: Any = None) -> str:
        """Return the id, or refuse one that no file has."""
        known = tuple(context.questions if self.kind == "question" else context.studies)
        text = str(self._id.read(node))
        if text in known:
            return text
        raise refused(f"unknown-{self.kind}", f"unknown {self.kind} '{text}'", suggestion_text(text, known))


@dataclass(frozen=True, slots=True)
class ReviewCitation(Block):
    """Where a review was published."""

    authors: Annotated[Texts, Key("Authors as cited; 'et al.' may end the list.", "[First A, et al.]")] = ()
    year: Annotated[
        int | None, WholeNumber(1900, "unreadable-year", "year"), Key("Year of publication.", "2019")
    ] = None
    journal: Annotated[Text, Key("Journal.", "J Clin Med")] = None
    volume: Annotated[Text, Key("Volume and issue.", "8(3)")] = None
    pages: Annotated[Text, Key("Pages, or the number of the article.", "403")] = None
    doi: Annotated[
        str | None,
        Pattern(r"10\.\d{4,9}/\S+", "unreadable-doi", "DOI", "it without https://doi.org/"),
        Key("DOI without the https:// part.", "10.3390/jcm8030403"),
    ] = None
    pmid: Annotated[
        str | None,
        Pattern(r"\d{1,9}", "unreadable-pmid", "PubMed id", "digits only"),
        Key("PubMed id, digits only.", "30909512"),
    ] = None
    pmcid: Annotated[
        str | None,
        Pattern(r"PMC\d{1,9}", "unreadable-pmcid", "PubMed Central id", "it as PMC6462926"),
        Key("PubMed Central id.", "PMC6462926"),
    ] = None

    @property
    def words(self) -> str:
        """Author, journal, year: what finds the paper."""
        first = f"{self.authors[0]} and others" if len(self.authors) > 1 else "".join(self.authors)
        where = " ".join(filter(None, (self.journal, str(self.year or ""))))
        rest = ":".join(filter(None, (self.volume, self.pages)))
        return ". ".join(filter(None, (first, f"{where};{rest}" if rest and where else where)))


@dataclass(frozen=True)
class ReviewResult(Block):
    """One result: pooled with its interval, or the range over the studies that were found."""

    outcome: Annotated[str, OutcomeName(), Key("Outcome, a name of the vocabulary.", "overall survival")]
    effect_measure: Annotated[
        str, Words(question_measures), Key("What the numbers are, as the review means them.", "odds ratio")
    ]
    index: Annotated[Required, Key("Whose effect it is, in the field's words.", "surgery")]
    reference: Annotated[Text, Key("Against whom; none for single arms.", "embolisation")] = None
    of_event: Annotated[
        Text, Key("Of which event a ratio or difference speaks: death, or survival.", "death")
    ] = None
    time_months: Annotated[float | None, Time(), Key("The time of a rate.", "5 years")] = field(
        default=None, metadata={"alias": "time"}
    )
    estimate: Annotated[Text, Key("The pooled number with its interval.", "0.18 (95% CI 0.05 to 0.61)")] = (
        None
    )
    over_studies: Annotated[
        Text, Key("Lowest and highest of the studies, where nothing was pooled.", "41% to 100%")
    ] = None
    question: Annotated[
        str | None, _Known("question"), Key("Question that asks the same.", "survival-5-years")
    ] = None
    block: Annotated[Text, Key("Its block of rows, where it has several.", "Ablation alone")] = None
    note: Annotated[Text, Key("What a reader must know of it.", "the source is ambiguous")] = None
    speaks_of: Annotated[SpeaksOf | None, Filled] = None
    quantity: Annotated[Quantity, Filled] = field(default=Quantity(""))

    @property
    def measure(self) -> EffectMeasure:
        """The effect measure."""
        return question_measure(self.effect_measure)

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: Mapping, context: ReviewReading, mistakes: Mistakes
    ) -> ReviewResult:
        """Read the numbers by their measure, and of which event they speak."""
        read: ReviewResult = super().validated(handler, node, context, mistakes)
        _check_arms(node, read, mistakes)
        _check_block(node, read, context, mistakes)
        return replace(
            read,
            speaks_of=_speaks_of(node, read, context, mistakes),
            quantity=_quantity(node, read, mistakes),
        )


def _check_arms(node: Mapping, read: ReviewResult, mistakes: Mistakes) -> None:
    words = read.measure.words
    if read.measure.contrast and (read.reference is None or read.of_event is None):
        fix = "type reference: and of_event: death, or what else it speaks of"
        mistakes.refuse(node, "direction-missing", f"a {words} says against whom, and of which event", fix)
    if not read.measure.contrast and (read.reference or read.of_event):
        fix = "take reference: and of_event: out"
        mistakes.refuse(node, "reference-unused", f"a {words} describes one group", fix)


def _check_block(node: Mapping, read: ReviewResult, context: ReviewReading, mistakes: Mistakes) -> None:
    card = context.questions.get(read.question or "")
    if card is not None and not _is_of_outcome(card, read.outcome, context):
        message = f"{read.question} asks for another outcome, {card.outcome}"
        fix = "take question: out, or name one of the same outcome"
        mistakes.refuse(node.value("question"), "another-outcome", message, fix)
    known = () if card is None else card.blocks
    if read.block is not None and read.block not in known:
        fix = suggestion_text(read.block, known) if known else "type question: and its id first"
        mistakes.refuse(node.value("block"), "unknown-block", f"no block is called '{read.block}'", fix)


def _is_of_outcome(card: QuestionCard, outcome: str, context: ReviewReading) -> bool:
    """Whether a question is of that outcome; one that nobody knows is told where the question is read."""
    try:
        return context.vocabulary.outcome(card.outcome).id == outcome
    except UnknownNameError:
        return True


def _speaks_of(
    node: Mapping, read: ReviewResult, context: ReviewReading, mistakes: Mistakes
) -> SpeaksOf | None:
    if read.of_event is None:
        return None
    event = context.vocabulary.outcomes[read.outcome].speaks_of
    found = event.read(read.of_event)
    if found is None:
        message = f"'{read.of_event}' is neither the event of {event.outcome} nor its absence"
        fix = f"type {event.words}, or {event.absence_words}"
        mistakes.refuse(node.value("of_event"), "unknown-event", message, fix)
    return found


def _quantity(node: Mapping, read: ReviewResult, mistakes: Mistakes) -> Quantity:
    if (read.estimate is None) == (read.over_studies is None):
        message, fix = "a result is pooled, or a range over studies", "type estimate: or over_studies:"
        mistakes.refuse(node, "one-result", message, fix)
        return Quantity("")
    record = STATISTICS.get(read.effect_measure)
    # A median has the unit of its outcome, which of survival are months; what is no statistic is a ratio.
    kind: Kind = "ratio" if record is None else record.kind or "duration"
    try:
        if read.estimate is not None:
            return parse_quantity(read.estimate, kind)
        return parse_quantity(read.over_studies or "", kind, "range")
    except QuantityError as error:
        place = node.value("estimate" if read.estimate is not None else "over_studies")
        mistakes.refuse(place, error.code, error.message, error.fix)
        return Quantity("")


@dataclass(frozen=True)
class Review(Block):
    """A published review."""

    placed: ClassVar[Literal["block", "name", "file"]] = "name"

    label: Annotated[Required, Key("First author and year.", "Kacmaz 2019")]
    kind: Annotated[
        ReviewKind,
        Choice(_KINDS),
        Key("Whether it pools, gathers, or tells; citation only: nothing of it was read.", "meta-analysis"),
    ]
    asks: Annotated[Required, Key("What it asked, in your own words.", "resection against embolisation")]
    citation: Annotated[ReviewCitation, Key("Where it was published.", "{journal: HPB, year: 2015}")] = field(
        default=ReviewCitation()
    )
    questions: Annotated[
        tuple[Annotated[str, _Known("question")], ...],
        Key("Questions of this project that ask the same.", "[survival-5-years]"),
    ] = ()
    retracted: Annotated[Text, Key("That it was retracted, and who says so.", "marked on its page")] = None
    searched_to: Annotated[
        int | None, WholeNumber(1900, "unreadable-year", "year"), Key("Last year of its search.", "2018")
    ] = None
    found: Annotated[int | None, _COUNT, Key("How many reports it found.", "2546")] = None
    included: Annotated[int | None, _COUNT, Key("How many studies it included.", "11")] = None
    pooled: Annotated[int | None, _COUNT, Key("How many studies it pooled.", "5")] = None
    patients: Annotated[int | None, _COUNT, Key("How many patients they had.", "1108")] = None
    model: Annotated[Text, Key("Model by which it pooled.", "fixed effects")] = None
    heterogeneity: Annotated[Text, Key("What it says of heterogeneity.", "called high, no figure")] = None
    includes: Annotated[
        tuple[Annotated[str, _Known("study")], ...],
        Key("Studies of this project that it is known to include.", "[mayo-2011]"),
    ] = ()
    results: Annotated[
        tuple[ReviewResult, ...],
        Key("What it found; none where nothing was pooled, or could be read.", "[{outcome: OS, ...}]"),
    ] = ()
    says: Annotated[Text, Key("Its conclusion in your own words.", "no robust evidence")] = None
    note: Annotated[Text, Key("What is odd about it.", "title says midgut, most are pancreatic")] = None
    id: Annotated[str, Filled] = ""

    @classmethod
    def check(cls, node: Mapping, context: ReviewReading, mistakes: Mistakes) -> None:
        """Refuse a result that answers a question which the review is not said to share."""
        shared = {plain_text(one) for one in _listed(node.get("questions"))}
        for result in _listed(node.get("results")):
            asked = result.get("question") if isinstance(result, Mapping) else None
            if isinstance(asked, Scalar) and plain_text(asked) not in shared:
                fix = f"add {plain_text(asked)} to questions: of the review"
                mistakes.refuse(asked, "question-not-shared", "the review does not name this question", fix)

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: Mapping, context: ReviewReading, mistakes: Mistakes
    ) -> Review:
        """Give it the id under which it stands."""
        read: Review = super().validated(handler, node, context, mistakes)
        return replace(read, id=str(node.name or ""))


def _listed(node: object) -> list[Any]:
    return node if isinstance(node, list) else []


@dataclass(frozen=True, slots=True)
class ReviewFile(Block):
    """The file of reviews."""

    placed: ClassVar[Literal["block", "name", "file"]] = "file"

    reviews: Annotated[dict[str, Review], Key("Published reviews, each under an id of its own.")]

    @classmethod
    def check(cls, node: Mapping, context: ReviewReading, mistakes: Mistakes) -> None:
        """Refuse ids of another form than those of studies."""
        named = node.get("reviews")
        for id_, _ in named.named() if isinstance(named, Mapping) else ():
            if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text_of(id_)) is None:
                fix = "use small letters, digits and hyphens: bacchetti-2013"
                mistakes.refuse(id_, "unreadable-id", f"'{id_}' is no id of a review", fix)


def read_reviews(path: Path, context: ReviewReading) -> tuple[Review, ...]:
    """Read the file of reviews in its order; none where there is no such file.

    Raises
    ------
    FindingsError
        With every mistake of the file.
    """
    if not path.exists():
        return ()
    file = read_yaml_file(path, f"{path.parent.name}/{path.name}")
    return tuple(read_model(ReviewFile, file, context).reviews.values())


def question_cards(paths: Iterable[Path]) -> dict[str, QuestionCard]:
    """Look up what reviews ask of each question file; what a file has wrong is told where it is read."""
    found: dict[str, QuestionCard] = {}
    for path in paths:
        try:
            root = read_yaml_file(path, path.name).root
        except FindingsError:
            found[path.stem] = QuestionCard("", ())
            continue
        labels = (one.get("label") for one in _listed(root.get("rows")) if isinstance(one, Mapping))
        blocks = tuple(plain_text(label) for label in labels)
        found[path.stem] = QuestionCard(plain_text(root.get("outcome")), blocks)
    return found
