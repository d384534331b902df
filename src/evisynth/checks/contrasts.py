"""Whether any study prints a comparison of survival that can be pooled as it stands."""

from __future__ import annotations

from collections.abc import Sequence

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_card import StudyCard
from evisynth.checks.words import plural

#: Of a single study its own findings tell as much.
_FEWEST_STUDIES = 2


def check_any_precise(studies: Sequence[StudyCard]) -> Outcomes:
    """Look for a collection in which no comparison of survival is printed with its precision."""
    printed = sum(card.contrasts.printed for card in studies)
    if len(studies) < _FEWEST_STUDIES or not printed:
        return
    if any(card.contrasts.precise for card in studies):
        yield FINE
        return
    message = (
        f"none of the {plural(printed, 'comparison')} of survival that {len(studies)} studies print between "
        "their own groups has an effect with its precision (a hazard ratio with an interval or an exact "
        "p-value, or an exact p-value with the deaths of both groups): what is recovered from rates and "
        "medians is weaker"
    )
    folder = studies[0].path.rpartition("/")[0]
    yield Found(
        1, 1, message, f"{printed} comparisons in {len(studies)} studies", file=folder or studies[0].path
    )


def _study(name: str, comparison: str) -> str:
    return (
        f"id: {name}\ngroups:\n  all: {{label: All, n: 120, at: line 1}}\n"
        "  yes: {label: Resected, n: 60, of: all, by: resection, at: line 1}\n"
        "  no: {label: Not resected, n: 60, of: all, by: resection, at: line 1}\n"
        f"comparisons:\n  - {{outcome: OS, of: [yes, no], {comparison}, basis: stated, at: line 3}}\n"
    )


CHECKS = (
    Check(
        code="no-precise-comparison",
        level="note",
        title="No comparison of survival with its precision",
        applies_when="there are several studies, and comparisons of survival between their own groups",
        test="Some comparison has a hazard ratio with an interval or an exact p-value, or an exact p-value "
        "with the deaths of both groups.",
        formula="SE = (log U - log L)/(2 z); SE = |log HR|/z_p; SE = 1/sqrt(D r1 r0/N^2)",
        source="Parmar, Torri & Stewart 1998, Stat Med 17:2815-2834",
        fix="nothing to mend",
        failing=_study("one", "p: < 0.001") + "---\n" + _study("two", "p: 0.03"),
        passing=_study("one", "p: < 0.001")
        + "---\n"
        + _study("two", "hazard_ratio: 0.62 (95% CI 0.41 to 0.94)"),
        run=check_any_precise,
        scope="collection",
    ),
)
