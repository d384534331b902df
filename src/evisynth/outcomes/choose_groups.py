"""Which groups of a study a question looks at: pairs of siblings for a contrast, or different patients.

Index and reference of a contrast are parts of the same whole by the same split. Single groups are chosen
walking down the tree: the highest group that reports stands for its patients; below a group that does
not, only one of its splits is followed, since the parts of two splits are the same patients twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evisynth.outcomes.group_size import size_of_group
from evisynth.outcomes.group_tree import Group, GroupTree
from evisynth.outcomes.question import GroupSelector


def choose_pairs(
    tree: GroupTree, index: GroupSelector, reference: GroupSelector
) -> Iterator[tuple[Group, Group]]:
    """Give every pair of siblings of which one carries the index tags and one the reference tags.

    A reference that is asked for by its role, such as registry figures that a study quotes, is nobody's
    sibling: it is set beside the groups of the same population, to be shown and refused as a comparator.
    """
    references = [group for group in tree.groups.values() if group.matches(reference)]
    for group in tree.groups.values():
        if group.matches(index):
            for other in references:
                if are_siblings(group, other) or _is_quoted_beside(group, other):
                    yield group, other


def _is_quoted_beside(group: Group, other: Group) -> bool:
    """Whether figures from elsewhere speak of the same kind of tumour as a group."""
    populations = group.tags.get("population"), other.tags.get("population")
    return group.role == "own" and other.role == "external" and populations[0] == populations[1] is not None


def are_siblings(group: Group, other: Group) -> bool:
    """Whether two groups are different parts of one whole by one split; external figures never are.

    Groups that are part of no other, such as the two arms of a trial, are the parts of their study.
    """
    return (
        group.name != other.name
        and (group.part_of, group.split) == (other.part_of, other.split)
        and "external" not in (group.role, other.role)
    )


def choose_different_patients(
    tree: GroupTree, selector: GroupSelector, reports: Callable[[Group], bool]
) -> list[Group]:
    """Return the groups that carry the tags and report, no two of which share patients.

    Of the splits of a group the one is followed that has most reporting groups below it; of equal ones
    that with most patients, then the first in the file.
    """
    chosen = [
        group
        for root in tree.roots()
        for group in _below(tree, root, lambda group: group.matches(selector) and reports(group))
    ]
    return sorted(chosen, key=lambda group: group.order)


def _below(tree: GroupTree, group: Group, wanted: Callable[[Group], bool]) -> list[Group]:
    if wanted(group):
        return [group]
    best: list[Group] = []
    for parts in tree.splits(group).values():
        found = [below for part in parts for below in _below(tree, part, wanted)]
        # Strictly more: of equal splits the first in the file stays.
        if (len(found), _patients(tree, found)) > (len(best), _patients(tree, best)):
            best = found
    return best


def _patients(tree: GroupTree, groups: list[Group]) -> int:
    """Count patients as far as they are known, the largest possible number of each group."""
    return sum(max(size_of_group(tree, group).candidates, default=0) for group in groups)
