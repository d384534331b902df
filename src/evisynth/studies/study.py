"""The model of a study file: what one publication printed, group by group, and where each number stands.

Texts that the source does not give (``not reported``) are None. Names of outcomes and tags are vocabulary
ids. Places, tags and roles that a file leaves to the enclosing block are already filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import core_schema

from evisynth.quantities import Quantity

SourceKind = Literal[
    "journal abstract", "conference abstract", "conference poster", "web capture", "journal article"
]
OverlapExtent = Literal["none", "possible", "probably contained", "contained", "identical"]
Role = Literal["own", "external", "background"]
Basis = Literal["stated", "inferred", "unclear"]
ReadAs = Literal["hazard_ratio", "odds_ratio", "risk_ratio", "difference"]
Comparator = Literal["concurrent", "external", "none"]
ClaimKind = Literal[
    "background",
    "benefit",
    "little effect",
    "no difference",
    "ranking",
    "low risk",
    "risk factor",
    "recommendation",
    "frequency",
    "threshold is exposure and outcome",
]


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number (or one worked out by the reader) with its place in the source and in the file.

    ``n`` is the denominator written for it in the file, by the figure or by its row. ``worked_out`` says
    how a number that is not printed was obtained. ``at_risk`` is the number of patients at risk printed
    beside a survival rate, a figure with a place of its own. ``perhaps`` is what the reader suspects behind
    a misprint, and ``because`` why: it was not printed, and is never used in place of what was.
    """

    quantity: Quantity
    at: str | None
    also_at: str | None
    n: Quantity | None
    worked_out: str | None
    note: str | None
    line: int
    column: int
    at_risk: Figure | None = None
    perhaps: Quantity | None = None
    because: str | None = None

    @property
    def source_location(self) -> str | None:
        """Where the source prints the figure, with the second place when there is one."""
        if self.at is None or self.also_at is None:
            return self.at or self.also_at
        return f"{self.at} (also {self.also_at})"


@dataclass(frozen=True, slots=True)
class StatisticFigure:
    """A figure with the statistic it is and the time it is for."""

    statistic: str
    time_months: float | None
    figure: Figure


class _AsRead:
    """Marks a value that its own reader has checked: the model looks at its class only."""

    def __get_pydantic_core_schema__(
        self, source: type[object], handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.is_instance_schema(source)


_Figure = Annotated[Figure, _AsRead()]
_StatisticFigure = Annotated[StatisticFigure, _AsRead()]
_Quantity = Annotated[Quantity, _AsRead()]


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Source(_Block):
    """The publication that was read."""

    kind: SourceKind = Field(description="What was read.")
    title: str | None = Field(None, description="Title as printed, or: not reported.")
    authors: tuple[str, ...] = Field((), description="Authors as cited; 'et al.' may end the list.")
    journal: str | None = Field(None, description="Journal or meeting.")
    year: int | None = Field(None, description="Year of publication.")
    volume: str | None = Field(None, description="Volume of the journal.")
    issue: str | None = Field(None, description="Issue of the volume.")
    pages: str | None = Field(None, description="First and last page, or the article number.")
    doi: str | None = Field(None, description="DOI without the https:// part: 10.1245/s10434-...")
    pmid: str | None = Field(None, description="PubMed id, digits only.")
    url: str | None = Field(None, description="Address of the page that was read.")
    sha256: str | None = Field(None, description="SHA-256 of the text that was read (64 hex digits).")
    report_of: str | None = Field(None, description="Id of the study whose patients this reports again.")
    not_this_study: tuple[str, ...] = Field(
        (), description="Places in the captured text that speak of something else; no figure may cite them."
    )
    note: str | None = Field(None, description="Anything a later reader of the source should know.")


class FollowUp(_Block):
    """How long the patients were followed."""

    median: _Figure | None = Field(None, description="Median follow-up: 62 months.")
    method: str | None = Field(None, description="How it was computed: reverse Kaplan-Meier, survivors only.")
    minimum: _Figure | None = Field(None, description="Shortest follow-up of a patient still followed.")
    at: str | None = Field(None, description="Where the source says so: line 34, table 2.")
    also_at: str | None = Field(None, description="A second place that says the same.")
    note: str | None = Field(None, description="Anything a later reader should know.")


class Overlap(_Block):
    """Patients this study shares with another."""

    with_study: str = Field(alias="with", description="Id of the other study.")
    extent: OverlapExtent = Field(description="How far this study's patients are the other's.")
    because: str = Field(description="Why you think so.")
    at: str | None = Field(None, description="Where the source says so.")
    line: int
    column: int


class Cohort(_Block):
    """Who was studied, where, when, and for how long."""

    design: str | None = Field(None, description="Design in the field's words: retrospective, single centre.")
    institution: str | None = Field(None, description="Hospital or hospitals, or: not reported.")
    registry: str | None = Field(None, description="Registry the patients come from, if any.")
    accrual: tuple[int, int] | None = Field(None, description="Years of treatment: 2000 to 2020.")
    follow_up: FollowUp | None = Field(None, description="Length of follow-up.")
    screened: _Figure | None = Field(None, description="Number of patients looked at before selection.")
    disease: str | None = Field(None, description="Disease and how patients were chosen.")
    excluded: str | None = Field(None, description="Who was left out.")
    overlaps: tuple[Overlap, ...] = Field((), description="Studies that share patients with this one.")
    at: str | None = Field(None, description="Where the source says so: line 34, table 2.")
    also_at: str | None = Field(None, description="A second place that says the same.")
    note: str | None = Field(None, description="Anything a later reader should know.")


class Group(_Block):
    """A group of patients; part of another by a named split, or a whole.

    Tags and role are inherited from the group it is part of unless it has its own.
    """

    label: str = Field(description="The group as a plot should name it.")
    n: _Figure | None = Field(
        None, description="Patients: 80, or a share of the group it is part of (78%), or: not reported."
    )
    of: str | None = Field(None, description="Id of the group this is part of.")
    by: str | None = Field(None, description="What splits that group into parts: resection, margin, age.")
    not_exhaustive: tuple[str, ...] = Field(
        (), description="Splits of this group whose parts do not cover it."
    )
    intervention: str | None = Field(None, description="Intervention, a term of the vocabulary.")
    extent: str | None = Field(None, description="How much tumour was removed, a term of the vocabulary.")
    site: str | None = Field(None, description="Where the metastases were, a term of the vocabulary.")
    population: str | None = Field(None, description="Which tumours, a term of the vocabulary.")
    role: Role = Field("own", description="own, external (registry figures) or background (quoted).")
    at: str | None = Field(None, description="Where the source says so: line 34, table 2.")
    also_at: str | None = Field(None, description="A second place that says the same.")
    note: str | None = Field(None, description="Anything a later reader should know.")
    line: int
    column: int


class OutcomeRow(_Block):
    """All that is printed for one group under one outcome block."""

    figures: tuple[_StatisticFigure, ...]
    n: _Quantity | None = Field(None, description="Patients these figures are based on, or: not reported.")
    worked_out: str | None = Field(None, description="How figures that are not printed were obtained.")
    at: str | None = Field(None, description="Where the source prints the row: line 34, table 2.")
    also_at: str | None = Field(None, description="A second place that prints the same.")
    note: str | None = Field(None, description="Anything a later reader should know.")
    line: int
    column: int


class OutcomeBlock(_Block):
    """Figures of one outcome, measured one way, for any number of groups."""

    outcome: str = Field(description="Outcome, a name of the vocabulary.")
    label: str | None = Field(None, description="The outcome as the source names it.")
    method: str | None = Field(None, description="How it was estimated: Kaplan-Meier.")
    starts: str | None = Field(None, description="When the clock starts: diagnosis, operation, not reported.")
    adjusted_for: tuple[str, ...] = Field((), description="What the figures are adjusted for.")
    values: dict[str, OutcomeRow] = Field(description="One row of figures a group, under the group's id.")
    at: str | None = Field(None, description="Where the source prints these: line 34, table 2.")
    also_at: str | None = Field(None, description="A second place that prints the same.")
    note: str | None = Field(None, description="Anything a later reader should know.")
    line: int
    column: int


class ComparisonBlock(_Block):
    """What a p-value, a ratio or a difference compares."""

    outcome: str = Field(description="Outcome compared, a name of the vocabulary.")
    of: tuple[str, ...] = Field((), description="Groups compared, index first.")
    within: str | None = Field(None, description="Group inside which patients are compared by something.")
    by: str | None = Field(None, description="What they are compared by: primary site, year of operation.")
    time: str | None = Field(None, description="Time the comparison is for, if one: 10 years.")
    time_months: float | None = None
    figures: tuple[_StatisticFigure, ...]
    read_as: ReadAs | None = Field(None, description="What a ratio is, when the source misnames it.")
    starts: str | None = Field(None, description="When the clock starts, if the source says: operation.")
    test: str | None = Field(None, description="Test used: log-rank, or: not reported.")
    adjusted_for: tuple[str, ...] = Field((), description="What the comparison is adjusted for.")
    basis: Basis = Field(description="Whether the source states what is compared, or you inferred it.")
    reads: str | None = Field(None, description="Why you read it so; required when inferred.")
    favours: str | None = Field(None, description="Id of the group that did better, when the source says.")
    at: str | None = Field(None, description="Where the source prints this: line 34, table 2.")
    also_at: str | None = Field(None, description="A second place that prints the same.")
    note: str | None = Field(None, description="Anything a later reader should know.")
    line: int
    column: int


class Claim(_Block):
    """What the source says in words, coded, for the checks that look at wording."""

    kind: ClaimKind = Field(description="Kind of claim.")
    outcome: str = Field(description="Outcome it is about, a name of the vocabulary.")
    index: str | None = Field(None, description="Id of the group it is about.")
    reference: str | None = Field(None, description="Id of the group it is set against.")
    order: tuple[str, ...] = Field((), description="Ids of groups from best to worst, for a ranking.")
    factors: tuple[str, ...] = Field((), description="Factors named, for risk factors.")
    wording: str | None = Field(None, description="A word or two as printed, for a frequency.")
    comparator: Comparator | None = Field(None, description="What it is compared with.")
    at: str | None = Field(None, description="Where the source says so: line 34.")
    also_at: str | None = Field(None, description="A second place that says the same.")
    note: str | None = Field(None, description="Anything a later reader should know.")
    line: int
    column: int


class Acknowledgement(_Block):
    """A finding that a person looked at and lets stand, with the reason."""

    finding: str = Field(description="Code of the finding, as it stands in brackets: percent-truncated.")
    about: str | None = Field(
        None, description="What the finding speaks of, with its numbers; evisynth check says it."
    )
    because: str = Field(description="Why it may stand.")
    line: int
    column: int


class BiasJudgement(_Block):
    """How high a person judges the risk of bias of one domain, or overall; why, and from which place."""

    domain: str
    judgement: str = Field(description="Judgement, in the tool's word: low, serious, some concerns.")
    because: str | None = Field(None, description="Why, in your own words.")
    at: str | None = Field(None, description="Where the source shows it: line 34, table 2.")
    line: int
    column: int


class BiasAssessment(_Block):
    """A judgement of the risk of bias of what a study compares, by one tool.

    ``domains`` holds the domains that were judged, by the tool's name for them; the others were not.
    """

    tool: str = Field(description="Tool the judgements follow: ROBINS-I or RoB 2.")
    outcomes: tuple[str, ...] = Field(
        (), description="Outcomes it is about, names of the vocabulary; without it, every outcome."
    )
    by: str | None = Field(
        None, description="Split of groups whose parts it compares, as in groups; without it, any comparison."
    )
    domains: dict[str, BiasJudgement] = Field(
        default_factory=dict, description="Judgement of each domain; what is left out is not judged."
    )
    overall: BiasJudgement | None = Field(None, description="Judgement over all domains.")
    at: str | None = Field(None, description="Where the source shows it: line 34, table 2.")
    note: str | None = Field(None, description="Anything a later reader should know.")
    line: int
    column: int


class Study(_Block):
    """One study file, read and validated."""

    id: str = Field(description="Id of the study: small letters, digits and hyphens; the file's name.")
    label: str | None = Field(None, description="Its name in figures: Berger 2019. Without one, the id.")
    source: Source = Field(description="The publication that was read.")
    cohort: Cohort = Field(description="Who was studied, where, when, and for how long.")
    groups: dict[str, Group] = Field(description="Groups of patients, each under a short id.")
    outcomes: tuple[OutcomeBlock, ...] = Field((), description="Figures of outcomes, block by block.")
    comparisons: tuple[ComparisonBlock, ...] = Field((), description="p-values, ratios and differences.")
    claims: tuple[Claim, ...] = Field((), description="What the source says in words, coded.")
    risk_of_bias: tuple[BiasAssessment, ...] = Field(
        (), description="What you judge of the risk of bias, tool by tool; nothing is computed from it."
    )
    acknowledged: tuple[Acknowledgement, ...] = Field(
        (), description="Findings of evisynth check that were looked at, and why they may stand."
    )
    path: str
    sha256: str
