"""Checks of figures set beside a study's own patients: registry figures, and figures quoted as background."""

from __future__ import annotations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.wording import listed, time_words


def check_external(view: StudyView) -> Outcomes:
    """Look for benefits claimed, and figures compared, against patients of other sources."""
    external = [name for name, group in view.study.groups.items() if group.role == "external"]
    for claim in view.study.claims:
        if claim.kind != "benefit":
            continue
        if claim.comparator != "external":
            yield FINE
            continue
        outcome = view.vocabulary.outcomes[claim.outcome].label.lower()
        figures = [
            f"'{one.group}' ({one.quantity.as_reported})"
            for one in view.figures
            if one.group in external and one.outcome.id == claim.outcome
        ]
        beside = f": {listed(figures)}" if figures else ""
        message = (
            f"a benefit in {outcome} is claimed for '{claim.index}' against patients of another "
            f"source{beside}; patients, years and the start of the clock may all differ"
        )
        yield Found(claim.line, claim.column, message, f"benefit of {claim.index}{beside}")
    for comparison in view.study.comparisons:
        roles = {view.group(name).role for name in comparison.of}
        if len(comparison.of) < 2:
            continue
        if len(roles) == 1:
            yield FINE
            continue
        message = (
            f"{listed(repr(name) for name in comparison.of)} are compared, but are not all of this study"
        )
        yield Found(comparison.line, comparison.column, message, f"comparison of {', '.join(comparison.of)}")


def check_background(view: StudyView) -> Outcomes:
    """Compare a figure quoted as background with the study's own figures of the same kind."""
    for one in view.figures:
        if view.group(one.group).role != "background" or not is_point(one.quantity):
            continue
        own = [
            other
            for other in view.figures
            if view.is_own(other.group)
            and (other.outcome.id, other.statistic, other.time) == (one.outcome.id, one.statistic, one.time)
            and is_point(other.quantity)
        ]
        if not own:
            continue
        above = all(low(other.quantity) > high(one.quantity) for other in own)
        below = all(high(other.quantity) < low(one.quantity) for other in own)
        if not above and not below:
            yield FINE
            continue
        values = sorted(own, key=lambda other: other.quantity.value or 0.0)
        message = (
            f"{_kind(one)} ({one.quantity.as_reported}) is quoted as background, and every group of this "
            "study has "
            f"{'more' if above else 'less'}: {_span(values)}; such a figure speaks of other patients"
        )
        about = f"{one.about}, {_span(values)}"
        yield Found(one.figure.line, one.figure.column, message, about)


def check_background_claims(view: StudyView) -> Outcomes:
    """List what is said of other patients without a figure that could be set against this study's."""
    quoted = {one.outcome.id for one in view.figures if not view.is_own(one.group)}
    bare = []
    for claim in view.study.claims:
        if claim.kind != "background":
            continue
        if claim.outcome in quoted:
            yield FINE
        else:
            bare.append(claim)
    if bare:
        said = [
            f"{view.vocabulary.outcomes[claim.outcome].label.lower()}{f' ({claim.at})' if claim.at else ''}"
            for claim in bare
        ]
        message = f"said of other patients, and without a figure: {listed(said)}; no finding of this study"
        about = f"background: {', '.join(claim.outcome for claim in bare)}"
        yield Found(bare[0].line, bare[0].column, message, about)


def _kind(one: Reported) -> str:
    when = f" at {time_words(one.time)}" if one.time is not None else ""
    name = one.outcome.label.lower()
    return f"{name}{when}" if one.statistic == "survival" else f"{one.statistic} of {name}{when}"


def _span(values: list[Reported]) -> str:
    least, most = values[0].quantity.as_reported, values[-1].quantity.as_reported
    return least if least == most else f"{least} to {most}"


_EXAMPLE = """\
groups:
  all: {{label: All, n: 120, at: line 1}}
  other: {{label: Registry, role: {role}, at: line 1}}
outcomes:
  - outcome: OS
    starts: operation
    at: line 2
    values:
      all: {{survival at 5 years: 88%}}
      other: {{survival at 5 years: {rate}}}
claims:
  - {{kind: benefit, outcome: OS, index: all, comparator: {comparator}, at: line 3}}
"""

CHECKS = (
    Check(
        code="external-comparator",
        level="warning",
        title="A comparison with patients of another source",
        applies_when="a benefit is claimed, or groups are compared",
        test="The comparator is of the same study.",
        fix="nothing to mend; external figures are shown, never pooled",
        failing=_EXAMPLE.format(role="external", rate="50%", comparator="external"),
        passing=_EXAMPLE.format(role="external", rate="50%", comparator="none"),
        run=check_external,
    ),
    Check(
        code="background-contradicted",
        level="warning",
        title="A background figure that every group contradicts",
        applies_when="a figure quoted as background is of the same kind as the study's own",
        test="The study's own groups lie on both sides of it, or at it.",
        fix="nothing to mend unless a number was misread",
        failing=_EXAMPLE.format(role="background", rate="50%", comparator="none"),
        passing=_EXAMPLE.format(role="background", rate="88%", comparator="none"),
        run=check_background,
    ),
    Check(
        code="background-without-figure",
        level="note",
        title="Something said of other patients, without a figure",
        applies_when="a claim of kind background is recorded",
        test="A figure of an external or a background group stands behind it, so that it can be compared "
        "with those of the study.",
        fix="type the figure in a group with role: background if the source quotes one; else nothing to mend",
        failing=_EXAMPLE.format(role="own", rate="50%", comparator="none, note: of others").replace(
            "kind: benefit", "kind: background"
        ),
        passing=_EXAMPLE.format(role="background", rate="50%", comparator="none").replace(
            "kind: benefit", "kind: background"
        ),
        run=check_background_claims,
    ),
)
