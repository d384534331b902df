"""Checks of designs whose patients do not stand for themselves: clusters, and patients who crossed over."""

from __future__ import annotations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView
from evisynth.studies import is_clustered, is_crossover


def check_clusters(view: StudyView) -> Outcomes:
    """Look for cluster designs without a design effect."""
    cohort = view.study.cohort
    if not is_clustered(cohort.design or ""):
        return
    effect = cohort.design_effect
    value = effect.quantity.value if effect is not None else None
    if effect is not None and value is not None and value >= 1:
        yield FINE
        return
    line, column = (effect.line, effect.column) if effect is not None else (cohort.line, cohort.column)
    message = (
        "clusters of patients were allocated, and no design effect is given: what is worked out from numbers "
        "of patients is too narrow"
    )
    if value is not None:
        message = f"a design effect of {value:g} would narrow what clusters widen"
    yield Found(line, column, message, cohort.design or "")


def check_crossover(view: StudyView) -> Outcomes:
    """Look for designs in which patients had both treatments."""
    cohort = view.study.cohort
    if not is_crossover(cohort.design or ""):
        return
    message = (
        "patients crossed over: the groups are taken as of different patients, and what the first treatment "
        "left may reach into the second"
    )
    yield Found(cohort.line, cohort.column, message, cohort.design or "")


_GROUPS = "groups:\n  all: {label: All, n: 80, at: line 1}\n"


def _example(cohort: str) -> str:
    return f"cohort: {{{cohort}}}\n{_GROUPS}"


CHECKS = (
    Check(
        code="clusters-without-design-effect",
        level="warning",
        title="Clusters whose patients count as single ones",
        applies_when="the design says that clusters were allocated",
        test="A design effect of at least 1 is given.",
        formula="d = 1 + (m - 1) ICC; SE sqrt(d)",
        source="Cochrane Handbook 23.1.4",
        fix="type cohort: design_effect: 1.8, which is 1 + (m - 1) ICC with the mean size m of clusters, if "
        "the source lets you work it out",
        failing=_example("design: cluster-randomised trial"),
        passing=_example("design: cluster-randomised trial, design_effect: 1.8, at: line 1"),
        run=check_clusters,
    ),
    Check(
        code="crossover-design",
        level="warning",
        title="Patients who had both treatments",
        applies_when="the design says that patients crossed over",
        test="Never passes: a reader decides whether the first period alone can be used.",
        source="Cochrane Handbook 23.2",
        fix="type the figures of the first period if the source prints them; else nothing to mend",
        failing=_example("design: randomised crossover trial"),
        passing=_example("design: randomised trial of parallel groups"),
        run=check_crossover,
    ),
)
