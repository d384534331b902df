"""Checks of percentages: each must be a count of the patients that it is a share of.

Only shares of patients are tested. Kaplan-Meier rates are no counts, and are never tested here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from evisynth.arithmetic import (
    CountRecovery,
    clopper_pearson,
    clopper_pearson_one_sided,
    fitting_denominators,
)
from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView, possible_counts, recovered
from evisynth.quantities import Quantity, parse_quantity
from evisynth.studies import Figure
from evisynth.wording import counted, listed, rounded_percent

#: A share is looked for in this many other denominators at most.
_MOST_DENOMINATORS = 5_000
_SLACK = 1e-9
_BRACKET = re.compile(r"\(\s*([0-9.]+\s*%)\s*\)")


class _Share(NamedTuple):
    """A printed share of a known number of patients."""

    name: str
    figure: Figure
    whole: int | None
    of_group: bool = False

    @property
    def quantity(self) -> Quantity:
        return self.figure.quantity

    @property
    def about(self) -> str:
        of = f" of {self.whole}" if self.whole is not None else ""
        return f"{self.name}: {self.quantity.as_reported}{of}"

    def found(self, message: str, *, doubtful: bool = False) -> Found:
        return Found(self.figure.line, self.figure.column, message, self.about, doubtful=doubtful)


def _shares(view: StudyView) -> tuple[_Share, ...]:
    """Return each share once; several checks look at the same ones."""
    found: tuple[_Share, ...] = view.remembered("shares", lambda: tuple(_find_shares(view)))
    return found


def _find_shares(view: StudyView) -> Iterator[_Share]:
    """Yield each share once: outcomes first, then sizes of groups that no outcome repeats."""
    seen: set[tuple[str, str]] = set()
    for one in view.figures:
        if one.statistic == "proportion" and one.outcome.type != "time_to_event" and view.is_own(one.group):
            seen.add((one.group, one.quantity.as_reported))
            yield _Share(f"{one.outcome.label} of {one.group}", one.figure, view.denominator(one))
    for name, group in view.study.groups.items():
        if group.n is None or group.of is None or group.n.quantity.unit != "proportion":
            continue
        if (group.of, group.n.quantity.as_reported) not in seen:
            yield _Share(f"size of {name}", group.n, view.exact_size(group.of), True)


@lru_cache(maxsize=1_024)
def _fitting(share: float, half_unit: float, most: int) -> tuple[int, ...]:
    return fitting_denominators(share, half_unit, most)


def _recovery(share: _Share) -> CountRecovery | None:
    quantity = share.quantity
    if share.whole is None or share.whole <= 0 or quantity.qualifier != "=":
        return None
    if quantity.value is None or not quantity.half_unit:
        return None
    return recovered(quantity.value, quantity.half_unit, share.whole)


def check_percent_truncated(view: StudyView) -> Outcomes:
    """Look for percentages that a count gives only when its further digits are cut off."""
    tested = [(share, found) for share in _shares(view) if (found := _recovery(share)) is not None]
    cut = [(share, found) for share, found in tested if _is_cut_off(share, found)]
    for share, found in tested:
        if (share, found) not in cut:
            yield FINE
            continue
        count = share.quantity.count if share.quantity.count is not None else found.nearest
        digits = _digits(share.quantity)
        exact = rounded_percent((count or 0) / found.denominator, digits + 2)
        rounded = f"{100 * (count or 0) / found.denominator:.{digits}f}%"
        message = (
            f"{count}/{found.denominator} is {exact}, which rounds to {rounded}: the printed "
            f"{percent_part(share.quantity)} is cut off, not rounded"
        )
        if share.quantity.count is None:
            message = f"no count of {found.denominator} rounds to {percent_part(share.quantity)}; {message}"
            if len(cut) == 1:
                message = (
                    f"no count of {found.denominator} rounds to {percent_part(share.quantity)}, and only "
                    f"{count}, {exact}, is near; no other percentage of this study is cut off, so it is kept "
                    "as it is printed"
                )
                yield share.found(message + _other_bases(view, share))._replace(
                    fix=_OF_SIZE if share.of_group else _OTHER_PATIENTS
                )
                continue
            message += _other_bases(view, share)
        if len(cut) > 1:
            message += f"; {len(cut)} percentages of this study are cut off alike"
        yield share.found(message)


def percentages_cut_off(view: StudyView) -> int:
    """Return how many percentages of a study can only be counts with their further digits cut off."""
    tested = ((share, _recovery(share)) for share in _shares(view))
    return sum(found is not None and _is_cut_off(share, found) for share, found in tested)


def _is_cut_off(share: _Share, found: CountRecovery) -> bool:
    count = share.quantity.count
    if count is not None:
        return count not in found.rounded and count in found.truncated
    return found.only_by_truncation


def check_percent_of_nothing(view: StudyView) -> Outcomes:
    """Look for percentages that no count of the stated patients gives, by rounding or by cutting off."""
    for share in _shares(view):
        found = _recovery(share)
        if found is None or share.quantity.count is not None:
            continue
        if found.candidates:
            yield FINE
            continue
        message = (
            f"no count of {found.denominator} patients gives {percent_part(share.quantity)}, which is kept "
            "as it is printed"
        )
        yield share.found(message + _other_bases(view, share))


def check_percent_against_count(view: StudyView) -> Outcomes:
    """Compare a percentage with the count printed beside it."""
    for share in _shares(view):
        count = share.quantity.count
        found = _recovery(share) if count is not None else None
        if found is None or count is None:
            continue
        if count in found.rounded or count in found.truncated:
            yield FINE
            continue
        message = (
            f"{count}/{found.denominator} is "
            f"{rounded_percent(count / found.denominator, _digits(share.quantity) + 1)}, "
            f"not {percent_part(share.quantity)}"
        )
        bases = [n for n in _bases(view, share.quantity) if _gives(count, n, share.quantity)]
        message += (
            f"; {percent_part(share.quantity)} would be {count} of {listed(map(str, bases))}" if bases else ""
        )
        # Where other patients explain both numbers, some may only be missing.
        found_here = share.found(message, doubtful=bool(bases))
        yield found_here._replace(fix=_OF_SIZE) if share.of_group else found_here
    yield from _rows_with_both(view)
    yield from _events_with_their_share(view)


def _events_with_their_share(view: StudyView) -> Outcomes:
    """Compare a number of deaths or events with the percentage in its brackets."""
    for one in view.figures:
        bracket = _BRACKET.search(one.quantity.as_reported)
        count, whole = one.quantity.count, view.denominator(one)
        if one.statistic != "count" or bracket is None or count is None or not whole:
            continue
        share = parse_quantity(bracket.group(1), "share")
        found = recovered(share.value or 0.0, share.half_unit or 0.0, whole)
        if count in found.rounded or count in found.truncated:
            yield FINE
            continue
        exact = rounded_percent(count / whole, _digits(share) + 1)
        message = f"{count}/{whole} is {exact}, not {bracket.group(1)}"
        yield Found(one.figure.line, one.figure.column, message, f"{one.about} of {whole}", doubtful=True)


def _rows_with_both(view: StudyView) -> Outcomes:
    """Compare counts and percentages that stand apart in one row."""
    for one in view.figures:
        if one.statistic != "count" or one.quantity.count is None:
            continue
        share = view.find(one.outcome.id, one.group, "proportion", one.time)
        if share is None:
            continue
        whole, quantity = view.denominator(one), share.quantity
        if whole is None or quantity.qualifier != "=" or quantity.count is not None or not quantity.half_unit:
            continue
        found = recovered(quantity.value or 0.0, quantity.half_unit, whole)
        if one.quantity.count in found.rounded or one.quantity.count in found.truncated:
            yield FINE
            continue
        exact = rounded_percent(one.quantity.count / whole, _digits(quantity) + 1)
        message = f"{one.quantity.count}/{whole} is {exact}, not {quantity.as_reported}"
        about = f"{share.about}, {one.quantity.as_reported}"
        yield Found(share.figure.line, share.figure.column, message, about, doubtful=True)


def _bases(view: StudyView, quantity: Quantity) -> tuple[int, ...]:
    sizes = [size.most for name in view.study.groups if (size := view.size(name)) is not None]
    most = min(max(sizes, default=0), _MOST_DENOMINATORS)
    return _fitting(quantity.value or 0.0, quantity.half_unit or 0.0, most)


def _gives(count: int, whole: int, quantity: Quantity) -> bool:
    return abs(count / whole - (quantity.value or 0.0)) <= (quantity.half_unit or 0.0) + _SLACK


def _other_bases(view: StudyView, share: _Share) -> str:
    bases = _bases(view, share.quantity)
    return f"; it rounds from shares of {listed(map(str, bases))}" if bases else ""


def percent_part(quantity: Quantity) -> str:
    """Return the percentage of ``91 (84.2%)`` as printed."""
    text = quantity.as_reported
    return text[text.index("(") + 1 :].rstrip(") ") if "(" in text else text


def _digits(quantity: Quantity) -> int:
    """Count the decimals of a printed percentage."""
    return len(percent_part(quantity).partition(".")[2].rstrip("% "))


def check_vague_share(view: StudyView) -> Outcomes:
    """Say how many patients a share in words, or a bound, can stand for."""
    for share in _shares(view):
        quantity = share.quantity
        if quantity.value is None or quantity.qualifier == "=":
            continue
        if share.figure.n is not None and share.figure.n.state == "not_reported":
            continue  # told as a share of unknown patients
        found = possible_counts(quantity, share.whole) if share.whole is not None else None
        if found is None:
            message = f"'{quantity.as_reported}' is a bound, and of how many patients is not printed"
        else:
            message = (
                f"'{quantity.as_reported}' of {share.whole} patients is {found[0]} to {found[1]} of them"
            )
        yield share.found(message)


def check_denominator(view: StudyView) -> Outcomes:
    """Look for shares whose denominator the source does not print."""
    for one in view.figures:
        if one.statistic not in ("proportion", "count") or one.figure.n is None:
            continue
        if one.figure.n.state != "not_reported":
            yield FINE
            continue
        message = (
            f"{one.outcome.label.lower()} of {one.quantity.as_reported} in '{one.group}' is a share of "
            "patients "
            "whose number is not printed"
        )
        if one.quantity.qualifier != "=":
            message += ", and a bound"
        yield Found(one.figure.line, one.figure.column, message, one.about)


def check_zero_events(view: StudyView) -> Outcomes:
    """Say how many events none (or all) of n patients leaves possible."""
    for one in view.figures:
        if one.statistic not in ("count", "proportion") or one.outcome.type == "time_to_event":
            continue
        whole, quantity = view.denominator(one), one.quantity
        if not whole or quantity.qualifier != "=" or quantity.value is None:
            continue
        exact = quantity.count if quantity.count is not None else round(quantity.value * whole)
        if 0 < exact < whole or (quantity.count is None and quantity.value not in (0.0, 1.0)):
            yield FINE
            continue
        if exact == 0:
            limit = clopper_pearson_one_sided(0, whole, "upper")
            both = clopper_pearson(0, whole)[1]
            says = f"up to {rounded_percent(limit)} (one-sided 95% limit; two-sided {rounded_percent(both)})"
        else:
            limit = clopper_pearson_one_sided(whole, whole, "lower")
            both = clopper_pearson(whole, whole)[0]
            says = (
                f"down to {rounded_percent(limit)} (one-sided 95% limit; two-sided {rounded_percent(both)})"
            )
        message = f"{exact} of {counted(whole, 'patient')} is compatible with {says}"
        yield Found(one.figure.line, one.figure.column, message, f"{one.about} of {whole}")


_OF_SIZE = "compare with the source; where it is a share of fewer patients, of: names those"
_OTHER_PATIENTS = "compare with the source; where it is a share of other patients, type n: and how many"
_GRIM = "Brown & Heathers 2017, doi:10.1177/1948550616673876"
_ROW = """\
groups:
  all: {{label: All, n: {n}, at: line 1}}
outcomes:
  - outcome: {outcome}
    at: line 2
    values:
      all: {{{figure}}}
"""


def _example(n: int, figure: str, outcome: str = "major complications") -> str:
    return _ROW.format(n=n, outcome=outcome, figure=figure)


CHECKS = (
    Check(
        code="percent-truncated",
        level="warning",
        title="A percentage cut off instead of rounded",
        applies_when="a share of a known number of patients is printed as a percentage",
        test="Some count of the patients, or the count printed beside it, rounds to the percentage; here one "
        "does so only when its further digits are cut off.",
        formula="x/n rounds to p: |x/n - p| <= h; is cut off to p: p <= x/n < p + 2h",
        source=_GRIM,
        fix="nothing to mend when the source prints it so; the count behind it is taken",
        failing=_example(108, "proportion: 91 (84.2%)"),
        passing=_example(108, "proportion: 91 (84.3%)"),
        run=check_percent_truncated,
    ),
    Check(
        code="percent-of-nothing",
        level="warning",
        title="A percentage that no count gives",
        applies_when="a share of a known number of patients is printed as a percentage without its count",
        test="Some count of the patients gives the percentage, by rounding or by cutting off. Never "
        "applied to "
        "Kaplan-Meier rates.",
        formula="{x : |x/n - p| <= h} and {x : p <= x/n < p + 2h} are both empty",
        source=_GRIM,
        fix=_OTHER_PATIENTS,
        failing=_example(23, "proportion: 41%"),
        passing=_example(22, "proportion: 41%"),
        run=check_percent_of_nothing,
    ),
    Check(
        code="percent-against-count",
        level="warning",
        title="A count and a percentage that disagree",
        applies_when="a count of a known number of patients is printed with its percentage",
        test="The count over the number of patients gives the percentage, by rounding or by cutting off.",
        formula="|x/n - p| <= h or p <= x/n < p + 2h",
        source=_GRIM,
        fix=_OTHER_PATIENTS,
        failing=_example(108, "proportion: 91 (82.4%)"),
        passing=_example(108, "proportion: 89 (82.4%)"),
        run=check_percent_against_count,
        contradiction=True,
    ),
    Check(
        code="vague-share",
        level="note",
        title="A share in words, or a bound",
        applies_when="a share is printed as about two thirds, the majority, or at least 97%",
        test="Says how many patients it can stand for: a spoken fraction reaches half way to its neighbours.",
        formula="about f: midpoints to the neighbouring spoken fractions; at least p: p n <= x <= n",
        fix="nothing to mend; it enters no pooling as a number",
        failing=_example(108, "proportion: about two thirds"),
        passing=_example(108, "proportion: 72/108"),
        run=check_vague_share,
    ),
    Check(
        code="denominator-missing",
        level="warning",
        title="A share of unknown patients",
        applies_when="the file says that the denominator of a share is not reported",
        test="The number of patients that a share was taken of is printed.",
        fix="nothing to mend unless the source prints it; then type n:",
        failing=_example(50, "proportion: 88%, n: not reported", "symptom relief"),
        passing=_example(50, "proportion: 88%, n: 25", "symptom relief"),
        run=check_denominator,
    ),
    Check(
        code="zero-events",
        level="note",
        title="None, or all, of the patients",
        applies_when="a count is 0 or all of a known number of patients",
        test="Says which rate is still compatible with it: none of n is not a rate of 0%.",
        formula="upper limit 1 - a^(1/n); a = 0.05 one-sided, 0.025 two-sided",
        source="Clopper & Pearson 1934, Biometrika 26:404-413; Hanley & Lippman-Hand 1983",
        fix="nothing to mend",
        failing=_example(108, "count: 0"),
        passing=_example(108, "count: 2"),
        run=check_zero_events,
    ),
)
