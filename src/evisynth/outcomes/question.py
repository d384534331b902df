"""A question: which groups are looked at, for which outcome, how their effects are recovered and pooled.

Groups are chosen by vocabulary tags, never by study name, so that a new study file appears in every
plot it belongs to with no other edit. The models say of each key of ``evidence/questions/*.yaml`` what it
holds, and refuse keys that do not go together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, get_args

from evisynth.measures import question_measures
from evisynth.outcome_events import OutcomeEvent
from evisynth.outcomes.group_selector import GroupSelector, SelectorTags
from evisynth.outcomes.moderators import Moderator, ModeratorKeys
from evisynth.outcomes.question_checks import (
    check_labels,
    check_measure,
    check_model,
    check_studies,
    check_times,
)
from evisynth.outcomes.question_departures import MIXABLE, Because, Departure, LeftOut, Mixed
from evisynth.outcomes.question_types import (
    OneOrMore,
    QuestionReading,
    Share,
    TauPrior,
    TimesOfQuestion,
    WholeNumber,
)
from evisynth.reading import (
    TOP,
    Block,
    Filled,
    Key,
    Mistakes,
    Required,
    Scalar,
    TypedAs,
    Words,
    folded_words,
    nodes,
    plain_text,
    refused,
)
from evisynth.studies import OutcomeName, QuestionId, Time
from evisynth.wording import time_words, with_article

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError

#: The id of a measure, as a question types it.
EffectMeasure = str
Grade = Literal["A", "B", "C", "D", "X"]
Model = Literal["common_effect", "random_effects", "bayesian", "binomial_normal", "mantel_haenszel", "peto"]
#: The models that pool the counts of rows, not their effects and standard errors.
COUNT_MODELS: tuple[Model, ...] = ("binomial_normal", "mantel_haenszel", "peto")
#: What is done with comparisons of one study that share their control group.
SharedControl = Literal["refuse", "one_comparison", "covariance"]
#: What is done with studies whose patients may be partly the same; without a choice they are refused.
OverlapHandling = Literal["one_report", "covariance", "robust"]
#: What is done with a two by two table that has an empty cell; the other way adds half a patient to each.
EmptyCells = Literal["refuse", "add_half"]
Summary = Literal["overall", "by_row_group"]
TAU_SQUARED = ("DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM", "common")
INTERVALS = ("wald", "hksj", "hksj-plain", "t")
_Time = Annotated[float | None, Time()]


_Selector = TypedAs(SelectorTags)


@dataclass(frozen=True, slots=True)
class RowGroup(Block):
    """One block of rows of the plot: a contrast when ``reference`` is given, else single arms.

    In a contrast, index and reference are siblings: parts of the same whole by the same split.
    """

    label: Annotated[Required, Key("The block as the plot should name it.", "Liver only")]
    index: Annotated[
        GroupSelector,
        _Selector,
        Key("Tags of the groups looked at.", "{intervention: resection, site: liver}"),
    ]
    reference: Annotated[
        GroupSelector | None,
        _Selector,
        Key(
            "Tags of the groups they are compared with; none for single arms.", "{intervention: no resection}"
        ),
    ] = None
    time_months: Annotated[
        _Time, Key("Time of this block of rows, where it has one of its own.", "30 days")
    ] = field(default=None, metadata={"alias": "time"})
    #: The curve that the rates of this block are points of, where the question names several times.
    curve: Annotated[str | None, Filled] = None

    @classmethod
    def check(cls, node: nodes.Mapping, context: QuestionReading, mistakes: Mistakes) -> None:
        """Refuse a contrast without a reference, and a single arm with one."""
        measure, reference = context.measure, node.get("reference")
        if measure is None or not plain_text(node.get("label")) or "index" not in node:
            return
        if measure.contrast and reference is None:
            message = f"{with_article(measure.words)} needs a reference to compare with"
            mistakes.refuse(node, "reference-missing", message, "type reference: {...}")
        elif not measure.contrast and reference is not None:
            message = f"{with_article(measure.words)} describes single groups, and has no reference"
            mistakes.refuse(reference, "reference-unused", message, "take it out, or ask for a hazard ratio")


@dataclass(frozen=True)
class OverlapChoice(Block):
    """How studies that share patients are pooled together, with the reason that plot and report show.

    ``keep`` names the studies that stand for their overlap sets under ``one_report``; of a set in which none
    is named, the report of most patients stands.
    """

    choice: Annotated[
        OverlapHandling,
        Words(get_args(OverlapHandling)),
        Key("What is done: one report of each set stands, or all do with their covariance, or robustly."),
    ]
    because: Because
    keep: Annotated[
        tuple[str, ...], OneOrMore(), Key("Studies that stand for their sets.", "gudmundsdottir-2023")
    ] = ()

    @classmethod
    def not_a_block(cls, node: object) -> PydanticCustomError:
        """Ask for the reason where only the choice is named."""
        if not isinstance(node, Scalar):
            return super().not_a_block(node)
        message = "what is done with overlapping studies needs a reason"
        fix = "type overlap: {choice: one report, because: ...}, or covariance, or robust"
        return refused("overlap-without-reason", message, fix)

    @classmethod
    def check(cls, node: nodes.Mapping, context: QuestionReading, mistakes: Mistakes) -> None:
        """Refuse studies that are kept where nothing is left out."""
        choice = folded_words(plain_text(node.get("choice")))
        if node.get("keep") and choice in ("covariance", "robust"):
            message = f"keep: names who stays of one report, and the choice is {choice}"
            mistakes.refuse(node, "keep-unused", message, "take it out, or type choice: one report")


@dataclass(frozen=True, slots=True)
class Baseline(Block):
    """How many of the reference group live without the event to a time, and who says so.

    With it a hazard ratio is told as patients: ``survival`` is a share from 0 to 1.
    """

    survival: Annotated[
        float,
        Share((0, 1), "unreadable-survival", "survival between 0 and 100%", "type 50% or 0.5"),
        Key("Share of patients without the event at that time.", "50%"),
    ]
    time_months: Annotated[float, Time(), Key("The time.", "5 years")] = field(metadata={"alias": "time"})
    source: Annotated[Required, Key("Who says so.", "a registry")] = field(metadata={"alias": "from"})
    event: Annotated[OutcomeEvent, Filled] = field(default=OutcomeEvent(), compare=False, repr=False)


@dataclass(frozen=True)
class Question(Block):
    """What the studies together are asked."""

    placed: ClassVar[Literal["block", "name", "file"]] = "file"

    id: Annotated[
        str, QuestionId(), Key("Id of the question; the file's name.", "resection-overall-survival")
    ]
    title: Annotated[Required, Key("What plot and report call it.", "Resection against no resection")]
    why: Annotated[Required, Key("Why it is asked.", "The question every surgeon asks first.")]
    outcome: Annotated[str, OutcomeName(), Key("Outcome, a name of the vocabulary.", "overall survival")]
    effect_measure: Annotated[
        str,
        Words(question_measures),
        Key("How two groups are compared, or single arms described.", "hazard ratio"),
    ]
    row_groups: Annotated[
        tuple[RowGroup, ...],
        Key(
            "Blocks of rows of the plot, each with the tags of its groups.",
            "[{label: All, index: {intervention: surgery}}]",
        ),
    ] = field(metadata={"alias": "rows"})
    order: Annotated[
        int | None,
        WholeNumber(),
        Key(
            "Place among the questions by clinical importance, 1 first; questions without one follow by id.",
            "10",
        ),
    ] = None
    time_months: Annotated[
        float | None,
        TimesOfQuestion(),
        Key(
            "Time of a survival rate or of a window; of several times every block is asked at each, and "
            "its rates are pooled as one curve. A share printed for another window, or for none, is shown "
            "as a refused row.",
            "5 years",
        ),
    ] = field(default=None, metadata={"alias": "time"})
    minimum_grade: Annotated[
        Grade,
        Words(grade for grade in get_args(Grade) if grade != "X"),
        Key("The lowest grade of a recovery that is pooled; D makes the answer exploratory.", "D"),
    ] = "C"
    model: Annotated[
        Model | None,
        Words(get_args(Model)),
        Key(
            "How rows are pooled. Without it by random effects; shares of patients by the binomial-normal "
            "model where a row counts nobody or everybody, or fewer than five events (or patients without "
            "one) are expected in it. Counts of two groups are pooled by Mantel-Haenszel or Peto by name.",
            "common effect",
        ),
    ] = None
    tau_squared: Annotated[
        str, Words(TAU_SQUARED), Key("Estimator of the variance between studies.", "PM")
    ] = "REML"
    interval: Annotated[
        str,
        Words(INTERVALS),
        Key("Interval of the pooled estimate: hksj is Hartung-Knapp with q* of at least 1.", "wald"),
    ] = "hksj"
    tau_prior: Annotated[
        str | None, TauPrior(), Key("Prior on tau of a Bayesian model.", "half-normal(0.5)")
    ] = None
    level: Annotated[
        float,
        Share((0.5, 1), "unreadable-level", "level of confidence", "type 95% or 0.95"),
        Key("Level of all intervals.", "90%"),
    ] = 0.95
    summary: Annotated[
        Summary, Words(get_args(Summary)), Key("One estimate, or one for each block of rows.", "by row group")
    ] = "overall"
    left_out: Annotated[
        tuple[Annotated[Departure, TypedAs(LeftOut)], ...],
        Key("Studies left out, and why.", "[{study: ..., because: ...}]"),
    ] = field(default=(), metadata={"alias": "leave_out"})
    mixed: Annotated[
        tuple[Annotated[Departure, TypedAs(Mixed)], ...],
        Key(
            "What rows may differ in although they are pooled, and why: " + ", ".join(MIXABLE) + ".",
            "[{what: clock start, because: ...}]",
        ),
    ] = field(default=(), metadata={"alias": "mix"})
    uses_inferred_p_values: Annotated[
        Required | None,
        Key("Why p-values may enter whose comparison the reader inferred.", "The text leaves no other."),
    ] = None
    baseline: Annotated[
        Baseline | None,
        Key(
            "Survival without the treatment, by which a hazard ratio is told as patients.",
            "{survival: 50%, time: 5 years, from: a registry}",
        ),
    ] = None
    shared_control: Annotated[
        SharedControl,
        Words(get_args(SharedControl)),
        Key("What becomes of comparisons of one study that share their control group.", "covariance"),
    ] = "refuse"
    overlap: Annotated[
        OverlapChoice | None,
        Key("What becomes of studies that share patients.", "{choice: one report, because: ...}"),
    ] = None
    empty_cells: Annotated[
        EmptyCells,
        Words(get_args(EmptyCells)),
        Key(
            "What becomes of four counts of which one is empty; half a patient more in each costs a grade.",
            "add half",
        ),
    ] = "refuse"
    moderators: Annotated[
        tuple[Annotated[Moderator, TypedAs(ModeratorKeys)], ...],
        Key(
            "What effects may differ by: a meta-regression of the pooled rows on all of these together.",
            "[{by: year of accrual, at: [1990, 2010]}]",
        ),
    ] = ()
    event: Annotated[OutcomeEvent, Filled] = field(default=OutcomeEvent(), compare=False, repr=False)

    @property
    def takes_counts(self) -> bool:
        """Whether rows are pooled by their counts."""
        return self.model in COUNT_MODELS

    @property
    def exploratory(self) -> bool:
        """Whether grade D is accepted, which makes the answer exploratory."""
        return self.minimum_grade == "D"

    def time_of(self, block: RowGroup) -> float | None:
        """Return the time of a block of rows: its own, or that of the question."""
        return self.time_months if block.time_months is None else block.time_months

    @property
    def curves(self) -> tuple[str, ...]:
        """The labels of the curves that blocks of rows are points of, where several times are asked for."""
        return tuple(dict.fromkeys(block.curve for block in self.row_groups if block.curve))

    def at_each_time(self, times: tuple[float, ...]) -> Question:
        """Return the question with each of its blocks at each of the times, summarised one by one."""
        blocks = (
            replace(block, label=f"{block.label}, {time_words(time)}", time_months=time, curve=block.label)
            for block in self.row_groups
            for time in times
        )
        return replace(self, time_months=None, row_groups=tuple(blocks), summary="by_row_group")

    @property
    def is_contrast(self) -> bool:
        """Whether the question compares two groups (else it describes single arms)."""
        return any(block.reference is not None for block in self.row_groups)

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: nodes.Mapping, context: QuestionReading, mistakes: Mistakes
    ) -> Any:
        """Validate the fields, of which the rows ask for the measure."""
        typed = folded_words(plain_text(node.get("effect_measure"))).replace(" ", "_")
        context.measure = question_measures().get(typed)
        read: Question = super().validated(handler, node, context, mistakes)
        event = context.vocabulary.outcomes[read.outcome].speaks_of
        baseline = None if read.baseline is None else replace(read.baseline, event=event)
        read = replace(read, event=event, baseline=baseline)
        return read.at_each_time(read.time_months) if isinstance(read.time_months, tuple) else read

    @classmethod
    def check(cls, node: nodes.Mapping, context: QuestionReading, mistakes: Mistakes) -> None:
        """Refuse what does not go together, each at the place to mend."""
        typed = plain_text(node.get("id"))
        if typed and typed != context.stem:
            message = f"the id '{typed}' is not the name of the file, {context.stem}"
            fix = f"type id: {context.stem}, or rename the file"
            mistakes.refuse(node.value("id"), "id-not-file-name", message, fix)
        if context.studies is not None:
            check_studies(node, context.studies, mistakes)
        check_labels(node.get("rows"), mistakes)
        if context.measure is not None:
            check_measure(node, context.measure, mistakes)
            check_times(node, context.measure, mistakes)
        check_model(node, context.measure, mistakes)
        if node.get("rows") == [] and not mistakes.details:
            message, fix = "no group is asked for", "type rows: and one entry a block of the plot"
            mistakes.refuse(TOP, "no-rows", message, fix)
