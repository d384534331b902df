"""Rows that leave nothing to draw: every plot of a question is drawn, or refused in one line."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from made_up import make_project, study_of

from evisynth import open as open_project
from evisynth.errors import EvidenceError
from evisynth.figures import KINDS

OF_A_QUESTION = [name for name, kind in KINDS.items() if kind.needs_question]

#: What can be drawn of a question that asks for one time.
OF_ONE_TIME = set(OF_A_QUESTION) - {"pooled-curve"}

#: Those of one subject are refused at one place.
ONE_OF_EACH_SUBJECT = list(
    {kind.subject: name for name, kind in KINDS.items() if kind.needs_question}.values()
)


def deaths(index: str, reference: str, sizes: tuple[int, int] = (70, 50)) -> tuple[str, tuple[int, int]]:
    window = "proportion within 30 days: "
    return study_of(window + index, window + reference, outcome="perioperative mortality", sizes=sizes)


def ratio(printed: str) -> tuple[str, tuple[int, int]]:
    return study_of(comparison=f"hazard_ratio: {printed}")


#: Studies, and what is drawn all the same.
CASES = {
    "one row": ([deaths("3/70", "4/50")], {"labbe"}),
    "two rows, of one an arm of nobody": (
        [deaths("3/70", "0%", (70, 0)), deaths("3/70", "4/50")],
        {"labbe"},
    ),
    "nobody died": ([deaths("0/70", "0/50")] * 3, {"labbe"}),
    "one patient in each arm": ([deaths("0/1", "1/1", (1, 1))] * 2, {"labbe"}),
    "four equal rows": ([deaths("7/70", "5/50")] * 4, OF_ONE_TIME),
    "ratios that are bounds": ([ratio("< 1"), ratio("at least 2")], set[str]()),
    "intervals without a width": ([ratio("1.00 (95% CI 1.00 to 1.00)")] * 3, set[str]()),
}


@pytest.mark.parametrize("case", CASES)
def test_every_plot_of_it_has_an_outcome(tmp_path: Path, case: str) -> None:
    studies, drawn = CASES[case]
    of_deaths = "mortality" in studies[0][0]
    outcome = "perioperative mortality" if of_deaths else "overall survival"
    more = "time: 30 days" if of_deaths else ""
    make_project(tmp_path, studies, "risk ratio" if of_deaths else "hazard ratio", outcome=outcome, more=more)
    evidence, found = open_project(tmp_path), set()
    for name in OF_A_QUESTION if drawn == OF_ONE_TIME else ONE_OF_EACH_SUBJECT:
        target = tmp_path / f"{name}.svg"
        try:
            evidence.draw_plot(name, target, "asked")
        except EvidenceError as error:
            assert "asked" in str(error) and "\n" not in str(error), name
        else:
            found.add(name)
            assert re.search(r"\b(nan|inf)\b", target.read_text(encoding="utf-8"), re.IGNORECASE) is None
    assert found == drawn


def test_a_group_of_nobody_has_no_risk_to_draw(tmp_path: Path, run) -> None:  # type: ignore[no-untyped-def]
    studies, _ = CASES["two rows, of one an arm of nobody"]
    make_project(tmp_path, studies, "risk ratio", outcome="perioperative mortality", more="time: 30 days")
    assert run(tmp_path, "plot", "labbe", "asked", "-o", str(tmp_path / "plot.svg"))[0] == 0
    told = "Not shown, since not both groups report a risk: study-a"
    assert told in (tmp_path / "plot.svg").read_text(encoding="utf-8")


STUDY = """\
id: made-up
source: {{kind: journal abstract}}
cohort: {{design: retrospective, at: line 1}}
groups:
  all: {{label: All, n: 120, {covers}at: line 1}}
  part: {{label: Part, n: 70, of: all, by: {split}, at: line 1}}
  rest: {{label: Rest, n: {rest}, of: all, by: {split}, at: line 1}}
"""
SPLITS = ("-", "'-'", "''", "~", "[]", "{}", "not reported", "operation")
COVERS = ("", "[operation]", "[-]", "-", "[]", "[~]", "[[a]]", "{a: b}", "[not reported]")


def test_a_split_without_a_name_and_a_whole_that_it_does_not_cover(empty_project: Path, run) -> None:  # type: ignore[no-untyped-def]
    path = empty_project / "studies" / "made-up.yaml"
    for split, covers in itertools.product(SPLITS, COVERS):
        covered = covers and f"not_exhaustive: {covers}, "
        path.write_text(STUDY.format(split=split, covers=covered, rest=0), encoding="utf-8")
        status, out, _ = run(empty_project, "check")
        refused = len(re.findall(r"^studies/made-up\.yaml:\d+:\d+: error: .*\]$", out, re.MULTILINE))
        assert (status == 1) == (refused > 0), (split, covers, out)
        assert "could not be checked" not in out
