"""Checks of shares and ranges of a whole against those of its parts, weighted by their sizes."""

from __future__ import annotations

from collections.abc import Iterator

from evisynth.checks.check import FINE, Check, Found, Outcomes, about_words
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low, possible_counts
from evisynth.wording import counted, listed, rounded_percent, time_words

_SLACK = 1e-9


def check_share_of_parts(view: StudyView) -> Outcomes:
    """Compare the share of a whole with what the shares of its parts make, weighted by their sizes."""
    for (whole, split), parts in view.splits.items():
        sizes = [view.exact_size(part) for part in parts]
        known = [size for size in sizes if size]
        if len(parts) < 2 or len(known) < len(parts) or sum(known) != view.exact_size(whole):
            continue
        if not view.exhaustive(whole, split):
            continue
        for one in _shares(view, whole):
            of_parts = [view.find(one.outcome.id, part, one.statistic, one.time) for part in parts]
            usable = [part for part in of_parts if part is not None and _is_share_of_all(part)]
            if len(usable) == len(parts):
                yield _weighted(one, usable, known)


def _shares(view: StudyView, group: str) -> Iterator[Reported]:
    """Yield the shares of a group that are of all its patients, as far as is said."""
    for one in view.figures:
        if one.group == group and one.statistic == "proportion" and _is_share_of_all(one):
            yield one


def _is_share_of_all(one: Reported) -> bool:
    return is_point(one.quantity) and one.figure.n is None and one.quantity.count_of is None


def _ends(one: Reported, size: int) -> tuple[float, float]:
    """Return the least and the greatest number of patients behind a share."""
    if one.quantity.count is not None:
        return float(one.quantity.count), float(one.quantity.count)
    return size * low(one.quantity), size * high(one.quantity)


def _weighted(whole: Reported, parts: list[Reported], sizes: list[int]) -> Found | None:
    total = sum(sizes)
    ends = [_ends(part, size) for part, size in zip(parts, sizes, strict=True)]
    least, most = sum(end[0] for end in ends), sum(end[1] for end in ends)
    own = _ends(whole, total)
    if own[0] <= most + _SLACK and least <= own[1] + _SLACK:
        return FINE
    values = [part.quantity.value or 0.0 for part in parts]
    if not min(values) <= (whole.quantity.value or 0.0) <= max(values):
        return FINE  # told of those outside the range of their parts
    printed = [f"{part.quantity.as_reported} of {size}" for part, size in zip(parts, sizes, strict=True)]
    together = rounded_percent((least + most) / 2 / total, 0)
    message = (
        f"{whole.outcome.label.lower()} of '{whole.group}' is {whole.quantity.as_reported}, and its parts, "
        f"{listed(printed)}, make {together} of {total}"
    )
    about = f"{whole.about}, {about_words(part.quantity.as_reported for part in parts)}"
    # Some patients of a part may be unknown, and leave the others' shares as they are printed.
    return Found(whole.figure.line, whole.figure.column, message, about, doubtful=True)


def check_part_above_whole(view: StudyView) -> Outcomes:
    """Look for parts with more patients of a kind than their whole, or a range that reaches beyond its."""
    for one in view.figures:
        for name in list(view.within(one.group))[1:]:
            whole = view.find(one.outcome.id, name, one.statistic, one.time)
            if whole is None:
                continue
            said = _more_patients(view, one, whole) or _beyond(one, whole)
            if said is None:
                yield FINE
                continue
            about = f"{one.about}, {whole.quantity.as_reported}"
            yield Found(one.figure.line, one.figure.column, said, about)


def _more_patients(view: StudyView, one: Reported, whole: Reported) -> str | None:
    if one.statistic not in ("count", "proportion") or one.speaks_of != whole.speaks_of:
        return None
    if not all(is_point(each.quantity) for each in (one, whole)) or one.block.label != whole.block.label:
        return None
    counts = [_counts(view, each) for each in (one, whole)]
    part, all_of_them = counts
    if part is None or all_of_them is None or part[0] <= all_of_them[1]:
        return None
    at = f" at {time_words(one.time)}" if one.time is not None else ""
    return (
        f"{one.outcome.label.lower()}{at}: {counted(part[0], 'patient')} in '{one.group}', and "
        f"{all_of_them[1]} in '{whole.group}', of which it is part"
    )


def _counts(view: StudyView, one: Reported) -> tuple[int, int] | None:
    if one.quantity.unit not in ("patients", "proportion"):
        return None
    size = view.denominator(one)
    return None if size is None and one.quantity.count is None else possible_counts(one.quantity, size or 0)


def _beyond(one: Reported, whole: Reported) -> str | None:
    """Say when the range of a part reaches beyond that of its whole."""
    part, around = one.quantity, whole.quantity
    if part.spread != "range" or around.spread != "range" or part.unit != around.unit:
        return None
    if one.block.label != whole.block.label:
        return None
    if None in (part.lower, part.upper, around.lower, around.upper):
        return None
    if (part.lower or 0) >= (around.lower or 0) - _SLACK and (part.upper or 0) <= (
        around.upper or 0
    ) + _SLACK:
        return None
    return (
        f"{one.outcome.label.lower()} of '{one.group}' is {part.as_reported}, beyond the "
        f"{around.as_reported} of '{whole.group}', of which it is part"
    )


_HEAD = """\
groups:
  all: {{label: All, n: 753, at: line 1}}
  yes: {{label: Surgery, n: 339, of: all, by: treatment, at: line 1}}
  no: {{label: Embolisation, n: 414, of: all, by: treatment, at: line 1}}
outcomes:
  - outcome: {outcome}
    at: line 2
    values:
      all: {{{all}}}
      yes: {{{yes}}}
      no: {{{no}}}
"""

CHECKS: tuple[Check, ...] = (
    Check(
        code="share-against-parts",
        level="warning",
        title="A share that its parts do not make",
        applies_when="a whole and all parts of a split that covers it have known sizes and a share",
        test="The shares of the parts, weighted by their sizes, make that of the whole but for rounding.",
        formula="p = sum n_i p_i / sum n_i",
        fix="compare every share and size with the source; where one is of other patients, type n:",
        failing=_HEAD.format(
            outcome="major complications", all="proportion: 47%", yes="proportion: 28%", no="proportion: 48%"
        ),
        passing=_HEAD.format(
            outcome="major complications", all="proportion: 39%", yes="proportion: 28%", no="proportion: 48%"
        ),
        run=check_share_of_parts,
    ),
    Check(
        code="part-beyond-whole",
        level="warning",
        title="A part with more of something than its whole",
        applies_when="a group and one that it is part of have a count, a share or a range of one outcome",
        test="The part has no more such patients than the whole, and a range that lies within its range.",
        formula="x(part) <= x(whole); min(part) >= min(whole), max(part) <= max(whole)",
        fix="compare both figures with the source, and look at of:",
        failing=_HEAD.format(outcome="major complications", all="count: 40", yes="count: 41", no="count: 3"),
        passing=_HEAD.format(outcome="major complications", all="count: 44", yes="count: 41", no="count: 3"),
        run=check_part_above_whole,
        contradiction=True,
    ),
)
