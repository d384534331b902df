"""Evidence that one study offers on the outcome of a question: its groups, their figures, its patients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from evisynth.outcomes.comparison import Arm, BiasAssessment, BiasJudgement, GroupSize
from evisynth.outcomes.group_size import size_of_group, unknown_size
from evisynth.outcomes.groups import AskedGroups, Group, GroupTree, ask_for_groups
from evisynth.outcomes.query import fetch_reported_outcomes
from evisynth.outcomes.question import Question
from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.outcomes.statements import run_statement
from evisynth.printed_statistics import preference
from evisynth.vocabulary import OutcomeType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Cohort:
    """The patients of one study; ``overlaps`` maps other studies to how far they share patients.

    ``contradiction`` says in what an abstract that nobody reviewed contradicts itself; ``label`` is what
    figures call the study, where its file says so, and ``design`` how the study was done, in its words.
    """

    accrual: str | None
    follow_up_median_months: float | None
    minimum_follow_up_months: float | None
    overlaps: Mapping[str, str]
    publication_year: int | None = None
    contradiction: str | None = None
    label: str | None = None
    design: str | None = None
    design_effect: float | None = None


@dataclass(frozen=True, slots=True)
class StudyEvidence:
    """What a study offers; ``between`` holds the figures that compare two groups, alone or among more."""

    asked: AskedGroups
    cohort: Cohort
    by_group: Mapping[str, Sequence[ReportedOutcome]]
    between: Mapping[frozenset[str], Sequence[ReportedOutcome]]
    risk_of_bias: tuple[BiasAssessment, ...] = ()
    outcome_type: OutcomeType = "time_to_event"

    @property
    def tree(self) -> GroupTree:
        """The groups of the study."""
        return self.asked.tree

    def figures(self, group: str) -> tuple[ReportedOutcome, ...]:
        """Return the figures of a group on the outcome."""
        return tuple(self.by_group.get(group, ()))

    def arm(self, group: Group, used: Sequence[ReportedOutcome]) -> Arm:
        """Return a group as the arm of a row that rests on some of its figures."""
        lineage = self.tree.lineage(group)
        return Arm(
            study=self.tree.study,
            group=group.name,
            label=group.label,
            size=_size_behind(self.tree, group, used),
            tags=group.tags,
            role=group.role,
            figures=self.figures(group.name),
            part_of=group.part_of,
            split=group.split,
            members_of=frozenset(name for name, _ in lineage[1:]),
            lineage=lineage,
            covariates=self.tree.covariates(group),
        )


def _size_behind(tree: GroupTree, group: Group, used: Sequence[ReportedOutcome]) -> GroupSize:
    """Return the size of a group, unless a figure says that it does not rest on all of its patients."""
    hidden = next((figure for figure in used if figure.n_not_reported), None)
    if hidden is None:
        return size_of_group(tree, group)
    # Figures that do print a number of their own keep it; the group's would be wrong for this one.
    how = f"how many of {group.name} the figure is based on is not reported"
    return unknown_size(how, hidden.source_location, hidden.file_location)


#: The figures of the outcome that may enter a row: those of groups that the question asks for, of the groups
#: that these are parts of, and of the comparisons that name them.
_OF_CARRIERS = """outcome = $outcome AND ((study, "group") IN (
    SELECT (study_id, group_id) FROM carrier UNION SELECT (study_id, whole_id) FROM carrier)
    OR EXISTS (FROM carrier WHERE study_id = study AND list_contains(compared_with, group_id)))"""


def load_evidence(connection: DuckDBPyConnection, question: Question) -> Iterator[StudyEvidence]:
    """Give the evidence of each study that has a group which the question asks for, by study."""
    asked = ask_for_groups(connection, question)
    by_group: defaultdict[str, defaultdict[str, list[ReportedOutcome]]]
    by_group = defaultdict(lambda: defaultdict(list))
    between: defaultdict[str, defaultdict[frozenset[str], list[ReportedOutcome]]]
    between = defaultdict(lambda: defaultdict(list))
    reported = fetch_reported_outcomes(connection, _OF_CARRIERS, {"outcome": question.outcome})
    for figure in sorted(reported, key=_by_what_they_say):
        if figure.compared_with is None:
            by_group[figure.study][figure.group].append(figure)
        else:
            for pair in combinations((figure.group, *figure.compared_with), 2):
                between[figure.study][frozenset(pair)].append(figure)
    cohorts = _load_cohorts(connection, asked)
    judged = _load_bias_assessments(connection, question.outcome, asked)
    kind = _type_of(connection, question.outcome)
    for study, groups in asked.items():
        yield StudyEvidence(
            groups, cohorts[study], by_group[study], between[study], judged.get(study, ()), kind
        )


def _type_of(connection: DuckDBPyConnection, outcome: str) -> OutcomeType:
    """Return what an outcome of the vocabulary measures."""
    found = connection.execute("SELECT type FROM outcome WHERE outcome_id = $1", [outcome]).fetchone()
    kind: OutcomeType = found[0] if found is not None else "time_to_event"
    return kind


def _by_what_they_say(figure: ReportedOutcome) -> tuple[object, ...]:
    """Order figures by what they are, never by where a file holds them: that must not decide anything.

    One that stands before another that says the same comes first.
    """
    said = (
        figure.adjusted, figure.starts, figure.method, figure.test, figure.basis, figure.favours,
        figure.label, figure.read_as, figure.of_event, figure.as_reported, figure.source_location,
    )  # fmt: skip
    time = -1.0 if figure.time_months is None else figure.time_months
    return (preference(figure.statistic), figure.statistic, time, *(text or "" for text in said))


def _load_bias_assessments(
    connection: DuckDBPyConnection, outcome: str, studies: Collection[str]
) -> dict[str, tuple[BiasAssessment, ...]]:
    """Return the assessments of some studies that speak of an outcome, in the order of their files."""
    found: defaultdict[str, list[BiasAssessment]] = defaultdict(list)
    rows = run_statement(connection, "bias", outcome=outcome, studies=list(studies))
    for study, tool, of, split, judged in rows:
        overall, *domains = (BiasJudgement(*one) for one in judged)
        found[study].append(BiasAssessment(study, tool, of, split, overall, tuple(domains)))
    return {study: tuple(of_study) for study, of_study in found.items()}


def known_studies(connection: DuckDBPyConnection) -> tuple[str, ...]:
    """Name every study, in order."""
    return tuple(study for (study,) in connection.execute("SELECT study_id FROM study ORDER BY 1").fetchall())


def _load_cohorts(connection: DuckDBPyConnection, studies: Collection[str]) -> dict[str, Cohort]:
    """Return the cohorts of some studies, by study."""
    found = run_statement(connection, "cohorts", studies=list(studies))
    return {study: Cohort(*columns) for study, *columns in found}
