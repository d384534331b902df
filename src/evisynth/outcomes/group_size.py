"""Sizes of groups, as far as the print allows: one number of patients, several, or none.

A percentage of the group that it is part of stands for every whole number that rounds to it. Where none does,
it stands for the one that gives it when further digits are cut off, if the study cuts off others too; else
for the whole numbers beside it. A share in words covers the way half to the
next share that people say. The counts of several possible wholes are all kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from evisynth.arithmetic import CountRecovery, recover_counts, spoken_fraction_interval
from evisynth.outcomes.comparison import GroupSize
from evisynth.outcomes.groups import Group, GroupTree, PrintedSize, load_group_trees

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: Slack for binary arithmetic, so that 97 % of 100 is 97 and not 98.
_SLACK = 1e-9


def unknown_size(how: str, source_location: str, file_location: str) -> GroupSize:
    """Return a size that the source does not tell."""
    return GroupSize((), how, "not reported", source_location, file_location)


def size_of_group(tree: GroupTree, group: Group) -> GroupSize:
    """Return the numbers of patients that the print allows for a group."""
    size = group.size
    if size is None or size.state != "reported" or size.value is None:
        how = "the number of patients is not reported"
        return unknown_size(how, group.source_location, group.file_location)
    if size.count is not None and size.qualifier == "=":
        how = "printed" if size.worked_out is None else f"worked out by the reader: {size.worked_out}"
        candidates: tuple[int, ...] = (size.count,)
    elif size.unit != "proportion" or group.part_of is None:
        how, candidates = f"printed only as '{size.as_reported}'", ()
    else:
        whole_size = size_of_group(tree, tree.groups[group.part_of])
        how, candidates = _share_of_whole(size, group.part_of, whole_size, cuts_off=tree.cuts_percentages_off)
    return GroupSize(candidates, how, size.as_reported, size.source_location, group.file_location)


def shown_sizes(connection: DuckDBPyConnection, outcome: str) -> dict[tuple[str, str], int]:
    """Return the numbers of patients that are shown for groups of studies that report on an outcome.

    By study and group, without the groups of which the source does not say.
    """
    studies = [study for (study,) in connection.execute("SELECT study_id FROM study").fetchall()]
    return {
        (study, name): shown
        for study, tree in load_group_trees(connection, outcome, studies).items()
        for name, group in tree.groups.items()
        if (shown := size_of_group(tree, group).shown) is not None
    }


def _share_of_whole(
    size: PrintedSize, whole: str, whole_size: GroupSize, *, cuts_off: bool
) -> tuple[str, tuple[int, ...]]:
    """Return the counts that a share of a group may stand for, and how they were had."""
    told = f"{size.as_reported} of {whole}"
    if not whole_size.candidates:
        return f"{told}, whose number of patients is not known", ()
    remarks: set[str] = set()
    found: set[int] = set()
    for patients in whole_size.candidates:
        counts, remark = _counts(size, patients, cuts_off=cuts_off)
        found.update(counts)
        remarks.add(remark)
    candidates = tuple(sorted(found))
    if len(whole_size.candidates) == 1:
        told = f"{told} ({whole_size.candidates[0]})"
    else:
        told = f"{told} ({whole_size.candidates[0]} to {whole_size.candidates[-1]})"
    if not candidates:
        told = f"no whole number of patients is {told}"
    else:
        told += "".join(sorted(remarks))
    if size.worked_out is not None:
        told = f"{told}; worked out by the reader: {size.worked_out}"
    return told, candidates


def _counts(size: PrintedSize, patients: int, *, cuts_off: bool) -> tuple[Iterable[int], str]:
    """Return the counts out of so many patients, and what is to be said of how they were had."""
    share = size.value if size.value is not None else math.nan
    if patients == 0:
        return (0,), ""
    if size.qualifier == "=" and size.half_unit is not None:
        recovery = recover_counts(share, size.half_unit, patients)
        return _counts_of_percentage(recovery, cuts_off=cuts_off)
    lower, upper = _share_interval(size, share)
    least = math.ceil(lower * patients - _SLACK)
    most = math.floor(upper * patients + _SLACK)
    if size.qualifier == ">" and least <= share * patients + _SLACK:
        least += 1
    if size.qualifier == "<" and most >= share * patients - _SLACK:
        most -= 1
    return range(max(0, least), min(patients, most) + 1), ""


def _counts_of_percentage(recovery: CountRecovery, *, cuts_off: bool) -> tuple[Iterable[int], str]:
    admissible = recovery.admissible(others_cut_off=cuts_off)
    if recovery.only_by_truncation and admissible:
        return admissible, ", its further digits cut off"
    if recovery.only_by_truncation:
        about = recovery.share * recovery.denominator
        return {math.floor(about), math.ceil(about)}, ", which no whole number gives exactly"
    return admissible, ""


def _share_interval(size: PrintedSize, share: float) -> tuple[float, float]:
    if size.qualifier in (">", ">="):
        return share, 1.0
    if size.qualifier in ("<", "<="):
        return 0.0, share
    return spoken_fraction_interval(share, size.half_unit)
