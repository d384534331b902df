"""Which judgement of the risk of bias a row carries: the most specific one, and none for a single arm."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, strategies as st

from evisynth.outcomes import BiasAssessment, BiasJudgement, Selection, assessments_of_contrast

CONTRAST = """outcome: overall survival
effect_measure: hazard ratio
rows:
  - {label: All, index: {intervention: resection}, reference: {intervention: no resection}}
"""
ARM = """outcome: overall survival
effect_measure: survival
time: 5 years
rows:
  - {label: All, index: {intervention: resection}}
"""
STUDY = """cohort: {{}}
groups:
  all: {{label: All, n: 80, population: neuroendocrine metastases, at: line 1}}
  operated: {{label: Operated, n: 40, of: all, by: resection, intervention: resection, at: line 1}}
  waited: {{label: Waited, n: 40, of: all, by: resection, intervention: no resection, at: line 1}}
  small: {{label: Small, n: 30, of: all, by: size, at: line 1}}
outcomes:
  - outcome: overall survival
    at: line 2
    values: {{operated: {{survival at 5 years: 60%}}, waited: {{survival at 5 years: 50%}}}}
risk_of_bias:
{assessments}"""

SelectFrom = Callable[..., Selection]


def overall(tool: str, more: str, judgement: str) -> str:
    return f"  - {{tool: {tool}, {more}overall: {judgement}}}\n"


def carried(selection: Selection) -> list[tuple[str, str | None]]:
    (row,) = selection.comparisons
    return [(one.tool, one.overall.judgement) for one in row.risk_of_bias]


def test_an_assessment_of_the_outcome_stands_before_a_general_one(select_from: SelectFrom) -> None:
    both = overall("RoB 2", "", "low") + overall("RoB 2", "outcomes: [OS], ", "high")
    assert carried(select_from(CONTRAST, one=STUDY.format(assessments=both))) == [("RoB 2", "high")]


def test_one_of_another_outcome_is_not_carried(select_from: SelectFrom) -> None:
    other = overall("RoB 2", "outcomes: [major complications], ", "high")
    assert carried(select_from(CONTRAST, one=STUDY.format(assessments=other))) == []
    both = other + overall("RoB 2", "", "low")
    assert carried(select_from(CONTRAST, one=STUDY.format(assessments=both))) == [("RoB 2", "low")]


def test_one_of_another_split_is_not_carried(select_from: SelectFrom) -> None:
    parts = overall("RoB 2", "by: size, ", "high") + overall("ROBINS-I", "by: resection, ", "serious")
    assert carried(select_from(CONTRAST, one=STUDY.format(assessments=parts))) == [("ROBINS-I", "serious")]


def test_a_single_arm_is_no_comparison_that_a_tool_could_judge(select_from: SelectFrom) -> None:
    general = overall("ROBINS-I", "", "serious")
    assert carried(select_from(ARM, one=STUDY.format(assessments=general))) == []


def test_the_contrasts_of_the_poster_carry_theirs(select: Callable[[str], Selection]) -> None:
    rows = select("resection-overall-survival").comparisons
    assert [row.risk_of_bias[0].overall.judgement for row in rows] == ["serious"] * 3
    domains = {one.domain: one for one in rows[0].risk_of_bias[0].domains}
    assert len(domains) == 7
    assert domains["confounding"].judgement == "serious"
    assert domains["missing data"].judgement is None
    path, _, line = (domains["confounding"].file_location or "").partition(":")
    assert path == "studies/midgut-debulking.yaml" and int(line) > 90


def test_against_a_registry_nothing_of_the_own_split_is_carried(select: Callable[[str], Selection]) -> None:
    rows = select("surgery-against-registry-overall-survival").comparisons
    assert rows and all(row.risk_of_bias == () for row in rows)


def made(tool: str, outcome: str | None, split: str | None) -> BiasAssessment:
    return BiasAssessment("one", tool, outcome, split, BiasJudgement("overall", "low"), ())


@given(
    st.lists(
        st.builds(
            made,
            st.sampled_from(["RoB 2", "ROBINS-I"]),
            st.sampled_from([None, "os"]),
            st.sampled_from([None, "size", "resection"]),
        ),
        unique_by=lambda one: (one.tool, one.outcome, one.compared_by),
    ),
    st.sampled_from([None, "size", "resection"]),
    st.randoms(),
)
def test_at_most_one_a_tool_is_chosen_whatever_the_order(
    found: list[BiasAssessment], split: str | None, random
) -> None:
    chosen = assessments_of_contrast(found, split)
    assert len({one.tool for one in chosen}) == len(chosen)
    fitting = [one for one in found if one.compared_by in (None, split)]
    assert {one.tool for one in chosen} == {one.tool for one in fitting}
    for one in chosen:
        assert one in fitting
        if one.outcome is None:
            assert not any(other.outcome for other in fitting if other.tool == one.tool)
    mixed = random.sample(found, len(found))
    assert set(assessments_of_contrast(mixed, split)) == set(chosen)
