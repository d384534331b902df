"""Who stands beside whom: contrasts first, each curve once, at most four together."""

from __future__ import annotations

from evisynth.figures import (
    MOST_ARMS,
    Contrast,
    contrasts_of_studies,
    known_curves,
    printed_contrasts,
    sketch_panels,
)


def panels_of(curves, contrasts=()):
    return [[curve.group for curve in panel.curves] for panel in sketch_panels(curves, contrasts)]


def test_contrasted_groups_share_a_panel_and_stand_once(printed) -> None:
    curves = known_curves([printed("a", group, 0.5, 60.0) for group in "pqrst"])
    contrasts = [Contrast("a", ("q", "t")), Contrast("a", ("t", "p")), Contrast("b", ("p", "r"))]
    assert panels_of(curves, contrasts) == [["q", "t"], ["p", "r", "s"]]


def test_many_groups_are_divided_evenly(printed) -> None:
    curves = known_curves([printed("a", f"g{i}", 0.5, 60.0) for i in range(9)])
    sizes = [len(panel) for panel in panels_of(curves)]
    assert sum(sizes) == 9
    assert max(sizes) <= MOST_ARMS
    assert max(sizes) - min(sizes) <= 1


def test_studies_do_not_share_panels(printed) -> None:
    curves = known_curves([printed(study, "g", 0.5, 60.0) for study in ("a", "b")])
    assert [panel.study for panel in sketch_panels(curves, ())] == ["a", "b"]


def test_printed_comparisons_are_contrasts(printed) -> None:
    rows = [
        printed("a", "p", 0.04, statistic="p_value", compared_with=("q",)),
        printed("a", "p", 0.5, statistic="hazard_ratio", compared_with=("q",)),
        printed("a", "p", 0.04, statistic="p_value", compared_with=()),
        printed("a", "p", 40.0),
    ]
    assert printed_contrasts(rows) == [Contrast("a", ("p", "q"))]


def test_parts_of_one_split_and_registry_figures_are_contrasts(study_of) -> None:
    study = study_of(
        "a",
        """groups:
  all: {label: All, n: 100}
  pancreas: {label: Pancreas, n: 40, of: all, by: primary site, population: PNET}
  bowel: {label: Bowel, n: 60, of: all, by: primary site, population: siNET}
  young: {label: Young, of: all, by: age}
  registry: {label: Registry, role: external, population: PNET}
  other: {label: Registry of nothing tagged, role: external}
""",
    )
    found = contrasts_of_studies([study])
    assert found == [Contrast("a", ("pancreas", "registry")), Contrast("a", ("pancreas", "bowel"))]
