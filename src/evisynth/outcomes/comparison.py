"""One row of a plot: an arm, or two arms set against each other, with all they reported.

Beside it stands the risk of bias as judged; nothing is computed from it. Every tool known here judges a
comparison, so that a single arm has no assessment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.vocabulary import OutcomeType
from evisynth.wording import counted


@dataclass(frozen=True, slots=True)
class GroupSize:
    """How many patients a group has, as far as the source tells.

    ``candidates`` are the counts that the print allows: one when n is printed or a percentage of a known
    whole fits a single count, several when it fits more, none when the source does not say.
    """

    candidates: tuple[int, ...]
    how: str
    as_reported: str
    source_location: str
    file_location: str = ""

    @property
    def exact(self) -> int | None:
        """The size when only one count fits, else None."""
        return self.candidates[0] if len(self.candidates) == 1 else None

    @property
    def shown(self) -> int | None:
        """The size that every table and plot shows, and that standard errors rest on: the least that fits."""
        return min((count for count in self.candidates if count > 0), default=None)

    @property
    def words(self) -> str:
        """The size in a sentence: ``164 patients, or up to 165``; how it is unknown where it is."""
        if self.shown is None:
            return self.how
        said, most = counted(self.shown, "patient"), max(self.candidates)
        return said if most == self.shown else f"{said}, or up to {most}"


@dataclass(frozen=True, slots=True)
class CovariateValue:
    """A covariate as printed of a group: ``group`` prints it, an arm or a whole that holds it."""

    group: str
    value: float
    unit: str
    as_reported: str
    source_location: str = ""
    file_location: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of patients with everything it reported on the outcome of the question.

    ``lineage`` names the group and those it is part of, from itself upwards, each with the split that made
    it a part (None for the outermost): ``(("M1LR", "resection"), ("M1L", "site"), ("M", None))``. Whether
    two arms share patients is read from it. ``covariates`` are those that the group prints, or else the
    nearest group that holds it.
    """

    study: str
    group: str
    label: str
    size: GroupSize
    tags: Mapping[str, str]
    role: str
    figures: tuple[ReportedOutcome, ...]
    part_of: str | None = None
    split: str | None = None
    members_of: frozenset[str] = frozenset()
    lineage: tuple[tuple[str, str | None], ...] = ()
    covariates: Mapping[str, CovariateValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BiasJudgement:
    """One domain, or ``overall``; ``judgement`` is None where nobody judged it."""

    domain: str
    judgement: str | None
    because: str | None = None
    source_location: str | None = None
    file_location: str | None = None


@dataclass(frozen=True, slots=True)
class BiasAssessment:
    """The judgements of one study by one tool, every domain of the tool in its order.

    ``outcome`` is None for an assessment of every outcome; ``compared_by`` names the split of groups whose
    parts it is about, None for any comparison.
    """

    study: str
    tool: str
    outcome: str | None
    compared_by: str | None
    overall: BiasJudgement
    domains: tuple[BiasJudgement, ...]


def assessments_of_contrast(
    assessments: Sequence[BiasAssessment], split: str | None
) -> tuple[BiasAssessment, ...]:
    """Choose what was judged of a contrast, one assessment a tool.

    Parameters
    ----------
    assessments
        Those of the study that speak of the outcome.
    split
        What parts the two groups of their whole; None when they are not parts of one whole.

    Returns
    -------
    tuple
        The most specific of each tool: one of the outcome before one of every outcome, then one of this
        split before one of any comparison.
    """
    chosen: dict[str, BiasAssessment] = {}
    for one in assessments:
        if one.compared_by is not None and one.compared_by != split:
            continue
        other = chosen.get(one.tool)
        if other is None or _specific(one) > _specific(other):
            chosen[one.tool] = one
    return tuple(chosen.values())


def _specific(assessment: BiasAssessment) -> tuple[bool, bool]:
    return assessment.outcome is not None, assessment.compared_by is not None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One candidate row of a plot.

    ``index`` is the arm a ratio speaks of, ``reference`` the arm it is set against (None for a single
    arm). ``figures`` are the p-values and ratios that the source gives for exactly these two arms, and the
    counts of the whole when the two arms make it up.
    ``whole_size`` is the size of the smallest group that holds both arms: the weakest denominator for a
    bound. ``follow_up_median_months`` is the reverse Kaplan-Meier median when the study gives one.
    ``overlaps`` maps other studies to how far they share patients; ``suspected`` when they may, and ``one
    cohort`` when all seem the same, and no file says whether they do, for the reasons in ``suspicions``.
    ``unreviewed_contradiction`` says in what an abstract that nobody reviewed contradicts itself.
    ``risk_of_bias`` is what was judged of a contrast, one assessment a tool. ``study_label`` is what
    figures call the study; empty: its id. ``design`` is that of the study in its own words, empty when not
    stated, and ``design_effect`` how many times the variance of single patients its clusters give.
    ``outcome_type`` says what is measured: only times to an event have curves.
    ``cuts_percentages_off`` says that the study cuts percentages off instead of rounding them.
    """

    study: str
    row_group: str
    outcome: str
    index: Arm
    reference: Arm | None = None
    figures: tuple[ReportedOutcome, ...] = ()
    time_months: float | None = None
    whole_size: GroupSize | None = None
    follow_up_median_months: float | None = None
    minimum_follow_up_months: float | None = None
    unreviewed_contradiction: str | None = None
    accrual: str | None = None
    overlaps: Mapping[str, str] | None = None
    suspicions: Mapping[str, str] | None = None
    publication_year: int | None = None
    risk_of_bias: tuple[BiasAssessment, ...] = ()
    study_label: str = ""
    design: str = ""
    design_effect: float | None = None
    outcome_type: OutcomeType = "time_to_event"
    cuts_percentages_off: bool = False

    @property
    def name(self) -> str:
        """``INDEX vs REFERENCE``, or the group's id for a single arm."""
        return self.index.group if self.reference is None else f"{self.index.group} vs {self.reference.group}"
