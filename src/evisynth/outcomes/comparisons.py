"""From a question to the rows of its plot: every contrast, or every group, that the studies offer.

Studies are found by the tags of their groups, so that a new study file appears with no other edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evisynth.errors import UnknownNameError
from evisynth.outcomes.comparison import Arm, BiasAssessment, Comparison, GroupSize, assessments_of_contrast
from evisynth.outcomes.group_size import size_of_group
from evisynth.outcomes.groups import Group
from evisynth.outcomes.question import Question
from evisynth.outcomes.question_departures import Departure
from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.outcomes.single_arms import single_arms
from evisynth.outcomes.study_evidence import StudyEvidence, known_studies, load_evidence
from evisynth.outcomes.suspected_overlaps import with_suspicions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of a question, and the studies that it leaves out, with the reason."""

    comparisons: tuple[Comparison, ...]
    left_out: tuple[Departure, ...]


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
    if question.left_out:
        known = known_studies(connection)
        for departure in question.left_out:
            if departure.what not in known:
                raise UnknownNameError("study", departure.what, known)
    studies = list(load_evidence(connection, question))
    comparisons = tuple(
        comparison
        for block in range(len(question.row_groups))
        for evidence in studies
        for comparison in _rows(question, block, evidence)
    )
    trees = {evidence.tree.study: evidence.tree for evidence in studies}
    return Selection(with_suspicions(connection, comparisons, trees), question.left_out)


def _rows(question: Question, block: int, evidence: StudyEvidence) -> Iterator[Comparison]:
    if question.row_groups[block].reference is None:
        frames = (_Frame(arm) for arm in single_arms(question, block, evidence))
    else:
        frames = (frame for pair in evidence.asked.pairs[block] for frame in _contrast(evidence, *pair))
    cohort = evidence.cohort
    for frame in frames:
        yield Comparison(
            study=evidence.tree.study,
            row_group=question.row_groups[block].label,
            outcome=question.outcome,
            index=frame.index,
            reference=frame.reference,
            figures=frame.figures,
            time_months=question.time_of(question.row_groups[block]),
            whole_size=frame.whole_size,
            follow_up_median_months=cohort.follow_up_median_months,
            minimum_follow_up_months=cohort.minimum_follow_up_months,
            accrual=cohort.accrual,
            overlaps=cohort.overlaps,
            unreviewed_contradiction=cohort.contradiction,
            publication_year=cohort.publication_year,
            study_label=cohort.label or "",
            design=cohort.design or "",
            design_effect=cohort.design_effect,
            outcome_type=evidence.outcome_type,
            cuts_percentages_off=evidence.tree.cuts_percentages_off,
            risk_of_bias=_risk_of_bias(frame, evidence),
        )


def _risk_of_bias(frame: _Frame, evidence: StudyEvidence) -> tuple[BiasAssessment, ...]:
    """Return what was judged of a contrast; the tools judge comparisons, so a single arm has nothing."""
    index, reference = frame.index, frame.reference
    if reference is None:
        return ()
    together = index.part_of == reference.part_of and index.split == reference.split
    return assessments_of_contrast(evidence.risk_of_bias, index.split if together else None)


def _contrast(evidence: StudyEvidence, index: str, reference: str) -> Iterator[_Frame]:
    """Give the row of a pair of groups, if anything was reported of either or of both together."""
    tree = evidence.tree
    groups = tree.groups[index], tree.groups[reference]
    reported = [evidence.figures(group.name) for group in groups]
    figures = evidence.between.get(frozenset((index, reference)), ())
    if not figures and all(figure.state == "not_reported" for own in reported for figure in own):
        return
    arms = [evidence.arm(group, own) for group, own in zip(groups, reported, strict=True)]
    whole_size: GroupSize | None = None
    together: tuple[ReportedOutcome, ...] = ()
    held = [name for name, _ in arms[0].lineage[1:] if name in arms[1].members_of]
    if held:
        whole = tree.groups[held[0]]
        whole_size = size_of_group(tree, whole)
        if arms[0].part_of == arms[1].part_of and arms[0].split == arms[1].split:
            together = _counted_together(evidence, whole, whole_size, arms)
    yield _Frame(arms[0], arms[1], (*figures, *together), whole_size)


def _counted_together(
    evidence: StudyEvidence, whole: Group, whole_size: GroupSize, arms: Sequence[Arm]
) -> tuple[ReportedOutcome, ...]:
    """Return the counts of a whole that the two arms divide between them: the deaths of both together."""
    parts = evidence.tree.splits(whole)[arms[0].split or ""]
    sizes = [arm.size.candidates for arm in arms]
    patients = {one + other for one in sizes[0] for other in sizes[1]}
    if len(parts) != len(arms) or patients.isdisjoint(whole_size.candidates):
        return ()
    counts = evidence.figures(whole.name)
    return tuple(figure for figure in counts if figure.statistic == "count" and figure.time_months is None)
