"""From a question to the rows of its plot: every contrast, or every group, that the studies offer.

Studies are found by the tags of their groups, so that a new study file appears with no other edit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.errors import UnknownNameError
from evisynth.outcomes.answering_figures import answering, is_for, of_no_window_asked
from evisynth.outcomes.bias_assessment import BiasAssessment, assessments_of_contrast
from evisynth.outcomes.choose_groups import choose_different_patients, choose_pairs
from evisynth.outcomes.cohort import Cohort, load_cohorts
from evisynth.outcomes.comparison import Arm, Comparison, GroupSize
from evisynth.outcomes.group_size import size_of_group, unknown_size
from evisynth.outcomes.group_tree import Group, GroupTree, load_group_trees
from evisynth.outcomes.load_bias import load_bias_assessments
from evisynth.outcomes.query import fetch_reported_outcomes
from evisynth.outcomes.question import Departure, GroupSelector, Question, RowGroup
from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.outcomes.suspected_overlaps import with_suspicions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of a question, and the studies that it leaves out, with the reason."""

    comparisons: tuple[Comparison, ...]
    left_out: tuple[Departure, ...]


@dataclass(frozen=True, slots=True)
class _StudyEvidence:
    """What one study offers on the outcome of a question."""

    tree: GroupTree
    cohort: Cohort
    by_group: Mapping[str, tuple[ReportedOutcome, ...]]
    between_groups: tuple[ReportedOutcome, ...]
    risk_of_bias: tuple[BiasAssessment, ...] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of a row that is its own: the arms, the figures between them, the size of their whole."""

    index: Arm
    reference: Arm | None = None
    figures: tuple[ReportedOutcome, ...] = ()
    whole_size: GroupSize | None = None


def select_comparisons(connection: DuckDBPyConnection, question: Question) -> Selection:
    """Return the candidate rows of a question: by row group, then study, then the order of its file.

    Raises
    ------
    UnknownNameError
        When the question leaves out a study that does not exist.
    """
    cohorts = load_cohorts(connection)
    for departure in question.left_out:
        if departure.what not in cohorts:
            raise UnknownNameError("study", departure.what, tuple(cohorts))
    left_out = {departure.what for departure in question.left_out}
    studies = [
        evidence
        for evidence in _load_evidence(connection, question.outcome, cohorts)
        if evidence.tree.study not in left_out
    ]
    comparisons = tuple(
        comparison
        for row_group in question.row_groups
        for evidence in studies
        for comparison in _rows(question, row_group, evidence)
    )
    trees = {evidence.tree.study: evidence.tree for evidence in studies}
    return Selection(with_suspicions(connection, comparisons, trees), question.left_out)


def _load_evidence(
    connection: DuckDBPyConnection, outcome: str, cohorts: Mapping[str, Cohort]
) -> Iterator[_StudyEvidence]:
    by_group: defaultdict[str, defaultdict[str, list[ReportedOutcome]]]
    by_group = defaultdict(lambda: defaultdict(list))
    between: defaultdict[str, list[ReportedOutcome]] = defaultdict(list)
    for figure in fetch_reported_outcomes(connection, "outcome = $outcome", {"outcome": outcome}):
        if figure.compared_with is None:
            by_group[figure.study][figure.group].append(figure)
        else:
            between[figure.study].append(figure)
    judged = load_bias_assessments(connection, outcome)
    for tree in load_group_trees(connection, outcome):
        study = tree.study
        figures = {group: tuple(found) for group, found in by_group[study].items()}
        yield _StudyEvidence(tree, cohorts[study], figures, tuple(between[study]), judged.get(study, ()))


def _rows(question: Question, row_group: RowGroup, evidence: _StudyEvidence) -> Iterator[Comparison]:
    time = row_group.time_months if row_group.time_months is not None else question.time_months
    if row_group.reference is None:
        frames = _single_arms(question, row_group, evidence, time)
    else:
        frames = _contrasts(row_group.index, row_group.reference, evidence)
    cohort = evidence.cohort
    for frame in frames:
        yield Comparison(
            study=evidence.tree.study,
            row_group=row_group.label,
            outcome=question.outcome,
            index=frame.index,
            reference=frame.reference,
            figures=frame.figures,
            time_months=time,
            whole_size=frame.whole_size,
            follow_up_median_months=cohort.follow_up_median_months,
            minimum_follow_up_months=cohort.minimum_follow_up_months,
            accrual=cohort.accrual,
            overlaps=cohort.overlaps,
            unreviewed_contradiction=cohort.contradiction,
            publication_year=cohort.publication_year,
            study_label=cohort.label or "",
            design=cohort.design or "",
            risk_of_bias=_risk_of_bias(frame, evidence),
        )


def _risk_of_bias(frame: _Frame, evidence: _StudyEvidence) -> tuple[BiasAssessment, ...]:
    """Return what was judged of a contrast; the tools judge comparisons, so a single arm has nothing."""
    index, reference = frame.index, frame.reference
    if reference is None:
        return ()
    together = index.part_of == reference.part_of and index.split == reference.split
    return assessments_of_contrast(evidence.risk_of_bias, index.split if together else None)


def _single_arms(
    question: Question, row_group: RowGroup, evidence: _StudyEvidence, time: float | None
) -> Iterator[_Frame]:
    offered = {
        group.name: answering(question, evidence.by_group.get(group.name, ()))
        for group in evidence.tree.groups.values()
    }
    used = {name: tuple(f for f in figures if is_for(f, time)) for name, figures in offered.items()}
    chosen = choose_different_patients(evidence.tree, row_group.index, lambda group: bool(used[group.name]))
    if time is not None:
        strays = of_no_window_asked(question, row_group, offered)
        wanting = choose_different_patients(
            evidence.tree, row_group.index, lambda group: bool(strays[group.name])
        )
        # Patients that an answer speaks for need no second row; those of a wider group do.
        answered = {group.name for group in chosen}
        chosen += [group for group in wanting if answered.isdisjoint(dict(evidence.tree.lineage(group)))]
        used = {name: figures or strays[name] for name, figures in used.items()}
    for group in sorted(chosen, key=lambda group: group.order):
        yield _Frame(_arm(evidence, group, used[group.name]))


def _contrasts(
    index_tags: GroupSelector, reference_tags: GroupSelector, evidence: _StudyEvidence
) -> Iterator[_Frame]:
    for index, reference in choose_pairs(evidence.tree, index_tags, reference_tags):
        figures = _between(evidence.between_groups, index.name, reference.name)
        reported = [evidence.by_group.get(group.name, ()) for group in (index, reference)]
        if figures or any(figure.state != "not_reported" for own in reported for figure in own):
            arms = [
                _arm(evidence, group, own) for group, own in zip((index, reference), reported, strict=True)
            ]
            whole = None if index.part_of is None else evidence.tree.groups[index.part_of]
            whole_size = None if whole is None else size_of_group(evidence.tree, whole)
            together = () if whole is None else _counted_together(evidence, whole, arms)
            yield _Frame(arms[0], arms[1], (*figures, *together), whole_size)


def _counted_together(
    evidence: _StudyEvidence, whole: Group, arms: Sequence[Arm]
) -> tuple[ReportedOutcome, ...]:
    """Return the counts of a whole that the two arms divide between them: the deaths of both together."""
    parts = evidence.tree.splits(whole)[arms[0].split or ""]
    sizes = [arm.size.candidates for arm in arms]
    patients = {one + other for one in sizes[0] for other in sizes[1]}
    exhausted = patients & set(size_of_group(evidence.tree, whole).candidates)
    if len(parts) != len(arms) or not exhausted:
        return ()
    counts = evidence.by_group.get(whole.name, ())
    return tuple(figure for figure in counts if figure.statistic == "count" and figure.time_months is None)


def _between(figures: Sequence[ReportedOutcome], index: str, reference: str) -> tuple[ReportedOutcome, ...]:
    """Keep the figures that compare exactly these two groups, in either order."""
    return tuple(
        figure
        for figure in figures
        if figure.compared_with is not None
        and len(figure.compared_with) == 1
        and {figure.group, *figure.compared_with} == {index, reference}
    )


def _arm(evidence: _StudyEvidence, group: Group, used: Sequence[ReportedOutcome]) -> Arm:
    lineage = evidence.tree.lineage(group)
    return Arm(
        study=evidence.tree.study,
        group=group.name,
        label=group.label,
        size=_size_behind(evidence.tree, group, used),
        tags=group.tags,
        role=group.role,
        figures=evidence.by_group.get(group.name, ()),
        part_of=group.part_of,
        split=group.split,
        members_of=frozenset(name for name, _ in lineage[1:]),
        lineage=lineage,
    )


def _size_behind(tree: GroupTree, group: Group, used: Sequence[ReportedOutcome]) -> GroupSize:
    """Return the size of a group, unless a figure says that it does not rest on all of its patients."""
    hidden = next((figure for figure in used if figure.n_not_reported), None)
    if hidden is None:
        return size_of_group(tree, group)
    # Figures that do print a number of their own keep it; the group's would be wrong for this one.
    how = f"how many of {group.name} the figure is based on is not reported"
    return unknown_size(how, hidden.source_location, hidden.file_location)
