"""Rows of single groups: the groups that report what is asked, no two of which share patients.

A share of patients is often printed without its window, or with one of the authors' own choice. Such a figure
fits no block of a question that names windows; its group gets a row too, so that it can be shown and refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from evisynth.measures import MEASURES
from evisynth.outcomes.comparison import Arm
from evisynth.outcomes.group_size import size_of_group
from evisynth.outcomes.groups import Group, GroupTree
from evisynth.outcomes.question import Question
from evisynth.outcomes.reported_outcome import ReportedOutcome, is_same_time
from evisynth.outcomes.study_evidence import StudyEvidence
from evisynth.printed_statistics import statistics_feeding


def single_arms(question: Question, block: int, evidence: StudyEvidence) -> Iterator[Arm]:
    """Give the groups of one study for the rows of a block, in the order of its file."""
    time = question.time_of(question.row_groups[block])
    carriers = evidence.asked.carriers[block, "index"]
    offered = {name: _answering(question, evidence.figures(name)) for name in carriers}
    if not any(offered.values()):
        return
    used = {name: [f for f in figures if _is_for(f, time)] for name, figures in offered.items()}
    chosen = choose_different_patients(evidence.tree, lambda group: bool(used.get(group.name)))
    if time is not None:
        strays = {name: _of_no_window_asked(question, block, figures) for name, figures in offered.items()}
        wanting = choose_different_patients(evidence.tree, lambda group: bool(strays.get(group.name)))
        # Patients that an answer speaks for need no second row; those of a wider group do.
        answered = {group.name for group in chosen}
        chosen += [group for group in wanting if answered.isdisjoint(group.ancestors)]
        used = {name: figures or strays[name] for name, figures in used.items()}
    for group in sorted(chosen, key=lambda group: group.order):
        yield evidence.arm(group, used[group.name])


def _answering(question: Question, figures: Sequence[ReportedOutcome]) -> list[ReportedOutcome]:
    """Keep the figures of a group that answer a question about single groups, at whatever time."""
    statistics = statistics_feeding(*MEASURES[question.effect_measure].recoveries)
    return [figure for figure in figures if figure.statistic in statistics and figure.state != "not_reported"]


def _is_for(figure: ReportedOutcome, time: float | None) -> bool:
    """Whether a figure is for the time that is asked for; without one, every figure is."""
    return time is None or (figure.time_months is not None and is_same_time(figure.time_months, time))


def _of_no_window_asked(
    question: Question, block: int, offered: Sequence[ReportedOutcome]
) -> list[ReportedOutcome]:
    """Keep the figures of a group that no block of the question about such groups asks for.

    A survival rate always names its time, and answers the question that asks for it; only the window of a
    share may be left out by a source, or chosen as nobody else does.
    """
    if MEASURES[question.effect_measure].time != "window":
        return []
    index = question.row_groups[block].index
    asked = [
        question.time_of(other)
        for other in question.row_groups
        if other.index == index and other.reference is None
    ]
    return [figure for figure in offered if not any(_is_for(figure, time) for time in asked)]


def choose_different_patients(tree: GroupTree, wanted: Callable[[Group], bool]) -> list[Group]:
    """Return the wanted groups, no two of which share patients, walking down the tree.

    The highest wanted group stands for its patients. Below a group that is not wanted only one of its splits
    is followed, since the parts of two splits are the same patients twice: the one that has most wanted
    groups below it; of equal ones that with most patients, then the first by its name.
    """
    chosen = [group for root in tree.roots() for group in _below(tree, root, wanted)]
    return sorted(chosen, key=lambda group: group.order)


def _below(tree: GroupTree, group: Group, wanted: Callable[[Group], bool]) -> list[Group]:
    if wanted(group):
        return [group]
    best: list[Group] = []
    for _, parts in sorted(tree.splits(group).items()):
        found = [below for part in parts for below in _below(tree, part, wanted)]
        # Strictly more: of equal splits the first by name stays, in whatever order the file has them.
        if (len(found), _patients(tree, found)) > (len(best), _patients(tree, best)):
            best = found
    return best


def _patients(tree: GroupTree, groups: list[Group]) -> int:
    """Count patients as far as they are known, the largest possible number of each group."""
    return sum(max(size_of_group(tree, group).candidates, default=0) for group in groups)
