"""Checks of comparisons: what each compares, and what it lacks to become an effect."""

from __future__ import annotations

import math
from itertools import permutations

from evisynth.arithmetic import critical_z, z_from_two_sided_p
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.rules.groups import is_loose_part
from evisynth.checks.rules.p_values import p_text
from evisynth.checks.study_view import Reported, StudyView, compared
from evisynth.printed_statistics import STATISTICS
from evisynth.quantities import Quantity
from evisynth.studies import ComparisonBlock
from evisynth.wording import counted, listed, plural, term_words, with_article

#: An interval wider than this on the log scale says nothing.
_WIDEST = 10.0


def check_misnamed_ratio(view: StudyView) -> Outcomes:
    """Look for ratios whose printed name is not what their method gives."""
    for comparison in view.study.comparisons:
        cox = (
            "cox" in (comparison.test or "").lower()
            or "proportional hazards" in (comparison.test or "").lower()
        )
        for one in comparison.figures:
            if not STATISTICS[one.statistic].is_ratio:
                continue
            read = comparison.read_as or one.statistic
            should = "hazard_ratio" if cox else read
            if one.statistic == should == read:
                yield FINE
                continue
            name, figure = term_words(one.statistic), one.figure
            because = (
                f"comes from {comparison.test}" if cox else f"is read as {with_article(term_words(read))}"
            )
            p = next(
                (other.figure.quantity for other in comparison.figures if other.statistic == "p_value"), None
            )
            message = (
                f"the {name} {figure.quantity.as_reported} of {compared(comparison)} {because}"
                f"{_interval_from_p(figure.quantity, p)}"
            )
            fix = "" if comparison.read_as else f"say what it is: read_as: {term_words(should)}"
            about = f"{name} of {', '.join(comparison.of)}: {figure.quantity.as_reported}"
            yield Found(figure.line, figure.column, message, about, fix)


def _interval_from_p(ratio: Quantity, p: Quantity | None) -> str:
    """Say which 95 % interval a ratio has, or lies within, by its p-value."""
    if p is None or p.value is None or not 0 < p.value < 1 or ratio.ci_lower is not None:
        return ""
    if not ratio.value or ratio.value == 1:
        return ""
    beta = math.log(ratio.value)
    reach = critical_z(0.95) * abs(beta) / z_from_two_sided_p(p.value)
    if reach > _WIDEST:
        return ""
    ends = f"{math.exp(beta - reach):.2f} to {math.exp(beta + reach):.2f}"
    if p.qualifier == "=":
        return f"; with {p_text(p)} its 95% interval is about {ends}"
    return f"; with {p_text(p)} its 95% interval lies inside {ends}" if p.qualifier in ("<", "<=") else ""


def check_reference(view: StudyView) -> Outcomes:
    """Look for ratios that do not say against what."""
    for comparison in view.study.comparisons:
        ratios = [one for one in comparison.figures if STATISTICS[one.statistic].is_effect]
        if not ratios:
            continue
        if len(comparison.of) != 1:
            yield FINE
            continue
        one = ratios[0]
        name = term_words(one.statistic)
        message = f"against what the {name} of '{comparison.of[0]}' stands is not printed"
        about = f"{name} of {comparison.of[0]}: {one.figure.quantity.as_reported}"
        yield Found(one.figure.line, one.figure.column, message, about)


def _figures_of(view: StudyView, comparison: ComparisonBlock, group: str) -> list[Reported]:
    return view.figures_of(comparison.outcome, group)


def check_p_without_effect(view: StudyView) -> Outcomes:
    """List the p-values that have no effect, and no figures of the groups, beside them."""
    alone = []
    for comparison, p in view.p_values():
        has_effect = any(STATISTICS[one.statistic].is_effect for one in comparison.figures)
        has_figures = any(_figures_of(view, comparison, group) for group in comparison.of)
        if has_effect or has_figures:
            yield FINE
        else:
            alone.append((comparison, p))
    if alone:
        names = [
            f"{view.vocabulary.outcomes[block.outcome].label.lower()} of {compared(block)} "
            f"({p_text(p.figure.quantity)})"
            for block, p in alone
        ]
        count = f"{counted(len(alone), 'p-value', one='a')} {plural('has', len(alone))}"
        first = alone[0][1].figure
        about = "; ".join(f"{block.outcome} {p_text(p.figure.quantity)}" for block, p in alone)
        yield Found(
            first.line,
            first.column,
            f"{count} no effect beside {plural('it', len(alone))}: {listed(names)}",
            about,
        )


def check_comparator_figure(view: StudyView) -> Outcomes:
    """Look for comparisons in which one side has a figure and the other has none."""
    for comparison, p in view.p_values():
        if len(comparison.of) != 2 or any(STATISTICS[one.statistic].is_effect for one in comparison.figures):
            continue
        sides = [_figures_of(view, comparison, group) for group in comparison.of]
        shown, hidden = (0, 1) if sides[0] else (1, 0)
        if all(sides) or not any(sides) or _in_parts(view, comparison, hidden):
            yield FINE
            continue
        figure = sides[shown][0]
        message = (
            f"{figure.outcome.label.lower()} is printed for '{comparison.of[shown]}' "
            f"({figure.statistic} {figure.quantity.as_reported}) and not for '{comparison.of[hidden]}', with "
            f"which {p_text(p.figure.quantity)} compares it"
        )
        about = f"{figure.about}, {p_text(p.figure.quantity)}"
        yield Found(p.figure.line, p.figure.column, message, about)


def _in_parts(view: StudyView, comparison: ComparisonBlock, side: int) -> bool:
    """Say whether parts that make up one side of a comparison have figures, each for itself.

    They are its own parts, or parts of its whole by another split whose sizes add up to its size: recurrences
    outside the liver alone, and those with the liver, are all outside the liver.
    """
    name, other = comparison.of[side], comparison.of[1 - side]
    around, size = view.group(name).of, view.exact_size(name)
    made_of = []
    for (whole, _), parts in view.splits.items():
        rest = [part for part in parts if part != other]
        if whole == name or (whole == around and name not in parts and _add_up(view, rest, size)):
            made_of.append(rest)
    return any(all(_figures_of(view, comparison, part) for part in parts) for parts in made_of if parts)


def _add_up(view: StudyView, parts: list[str], size: int | None) -> bool:
    sizes = [view.exact_size(part) for part in parts]
    return len(parts) > 1 and None not in sizes and sum(one or 0 for one in sizes) == size


def check_group_sizes(view: StudyView) -> Outcomes:
    """List the groups that are compared, or have survival figures, without a known size."""
    names: list[str] = [name for block in view.study.comparisons for name in block.of]
    names += [one.group for one in view.figures if one.outcome.type == "time_to_event"]
    unknown = []
    for name in dict.fromkeys(names):
        size = view.size(name)
        if not view.is_own(name):
            continue
        if size is not None and size.known:
            yield FINE
        elif not is_loose_part(view, name):
            unknown.append(name)
    if unknown:
        first = view.group(unknown[0])
        quoted = listed(f"'{name}'" for name in unknown)
        groups = counted(len(unknown), "group")
        message = f"{groups} compared or followed without a printed number of patients: {quoted}"
        yield Found(first.line, first.column, message, ", ".join(unknown))


def check_part_and_whole(view: StudyView) -> Outcomes:
    """Look for comparisons of a group with one that it is part of."""
    for comparison in view.study.comparisons:
        pair = next(
            (
                (one, other)
                for one, other in permutations(comparison.of, 2)
                if other in [*view.within(one)][1:]
            ),
            None,
        )
        if pair is None:
            if len(comparison.of) > 1:
                yield FINE
            continue
        part, whole = pair
        message = f"'{part}' is part of '{whole}': compared with each other its patients stand on both sides"
        fix = f"where the others of '{whole}' are meant, name them as a group of their own"
        yield Found(comparison.line, comparison.column, message, f"{part}, {whole}", fix)


def _example(comparison: str, values: str = "", groups: str = "") -> str:
    text = (
        "groups:\n  all: {label: All, n: 120, at: line 1}\n"
        "  yes: {label: Resected, n: 60, of: all, by: resection, at: line 1}\n"
        "  no: {label: Not resected, n: 60, of: all, by: resection, at: line 1}\n" + groups
    )
    if values:
        text += "outcomes:\n  - outcome: OS\n    starts: operation\n    at: line 2\n    values:\n" + values
    return f"{text}comparisons:\n  - {{outcome: OS, {comparison}, basis: stated, at: line 3}}\n"


_MEDIANS = "      yes: {median: 90 months}\n      no: {median: 60 months}\n"

CHECKS = (
    Check(
        code="misnamed-ratio",
        level="warning",
        title="A ratio whose name is not what its method gives",
        applies_when="a hazard, odds or risk ratio is printed",
        test="A Cox model gives hazard ratios; the name printed is the one the reader reads.",
        formula="SE = |log R|/z_p, interval R exp(+-1.96 SE)",
        fix="nothing to mend: the file keeps both the printed name and what it is read as",
        failing=_example(
            "of: [yes, no], odds_ratio: 1.90, read_as: hazard ratio, p: 0.018, test: Cox regression"
        ),
        passing=_example("of: [yes, no], hazard_ratio: 1.90, p: 0.018, test: Cox regression"),
        run=check_misnamed_ratio,
    ),
    Check(
        code="reference-not-named",
        level="warning",
        title="A ratio against nobody knows what",
        applies_when="a ratio or a difference is printed",
        test="The group that it stands against is named.",
        fix="name it in of: if the source does; else nothing to mend, it enters no pooling",
        failing=_example("of: [yes], hazard_ratio: 1.90, p: 0.018"),
        passing=_example("of: [yes, no], hazard_ratio: 1.90, p: 0.018"),
        run=check_reference,
    ),
    Check(
        code="part-against-whole",
        level="warning",
        title="A part compared with its whole",
        applies_when="a comparison names two groups or more",
        test="No group is part of another one of them; such a pair gives no effect.",
        fix="name those who are not in the part as a group of their own",
        failing=_example("of: [yes, all], p: 0.04"),
        passing=_example("of: [yes, no], p: 0.04"),
        run=check_part_and_whole,
    ),
    Check(
        code="p-without-effect",
        level="note",
        title="p-values without an effect",
        applies_when="p-values are printed",
        test="A ratio, a difference, or a figure of a group compared stands beside each.",
        fix="nothing to mend unless the source prints the effect",
        failing=_example("within: all, by: primary site, p: 0.53"),
        passing=_example("of: [yes, no], p: 0.53", _MEDIANS),
        run=check_p_without_effect,
    ),
    Check(
        code="comparator-figure-missing",
        level="warning",
        title="A comparison with one side hidden",
        applies_when="two groups are compared by a p-value alone",
        test="Both have figures of the outcome, or neither.",
        fix="type the other figure if the source prints it; else nothing to mend",
        failing=_example("of: [yes, no], p: 0.01", "      yes: {median: 90 months}\n"),
        passing=_example("of: [yes, no], p: 0.01", _MEDIANS),
        run=check_comparator_figure,
    ),
    Check(
        code="group-size-not-printed",
        level="note",
        title="Groups compared without their sizes",
        applies_when="groups are compared or have survival figures",
        test="The number of patients of each is printed, follows from a percentage, or is the rest of a "
        "whole.",
        fix="type n: if the source prints it; else nothing to mend",
        failing=_example(
            "of: [yes, old], p: 0.6", groups="  old: {label: Old, of: all, by: age, at: line 1}\n"
        ),
        passing=_example("of: [yes, no], p: 0.6"),
        run=check_group_sizes,
    ),
)
