from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evisynth.database import ProjectFiles, build_database, open_database
from evisynth.errors import UnknownNameError
from evisynth.outcomes import Comparison, Selection, read_question, select_comparisons
from evisynth.vocabulary import Vocabulary

Select = Callable[[str], Selection]
SelectFrom = Callable[..., Selection]


def names(selection: Selection) -> list[tuple[str, str, str]]:
    return [(row.row_group, row.study, row.name) for row in selection.comparisons]


def test_the_contrasts_of_resection_are_the_three_of_the_poster(select: Select) -> None:
    assert names(select("resection-overall-survival")) == [
        ("Liver only", "midgut-debulking", "M1LR vs M1LNr"),
        ("Extrahepatic only", "midgut-debulking", "M1OR vs M1ONr"),
        ("Liver and extrahepatic", "midgut-debulking", "M2R vs M2Nr"),
    ]


def test_a_row_brings_the_design_of_its_study_as_stated(select: Select) -> None:
    designs = {row.study: row.design for row in select("completeness-overall-survival").comparisons}
    assert designs["net-liver-surgery-34"] == "retrospective, single centre"
    assert all(designs.values())


def test_the_contrasts_of_completeness_are_siblings_that_report_survival(select: Select) -> None:
    complete, seventy = "Complete against incomplete", "At least 70% against less"
    assert names(select("completeness-overall-survival")) == [
        # Not the two groups whose symptoms were relieved: they report nothing on survival.
        (complete, "gudmundsdottir-2023", "complete vs residual"),
        (complete, "mayo-sinet-peritoneal-2024", "liver-complete vs liver-incomplete"),
        (complete, "mayo-sinet-peritoneal-2024", "liver-peritoneum-complete vs liver-peritoneum-incomplete"),
        (complete, "net-liver-surgery-34", "R0-R1 vs R2"),
        (seventy, "parenchyma-sparing-debulking", "debulked-70 vs debulked-less"),
    ]


def test_the_arms_of_a_trial_need_no_group_around_them(select_from: SelectFrom) -> None:
    disease = "population: neuroendocrine metastases, at: line 1"
    selection = select_from(
        """outcome: overall survival
effect_measure: hazard ratio
rows:
  - {label: Arms, index: {intervention: resection}, reference: {intervention: no resection}}
""",
        trial=f"""cohort: {{design: randomised trial, disease: liver metastases}}
groups:
  operated: {{label: Operated, n: 40, intervention: resection, {disease}}}
  waited: {{label: Waited, n: 40, intervention: no resection, {disease}}}
  quoted: {{label: Registry, role: external, intervention: surgery, {disease}}}
outcomes:
  - outcome: overall survival
    at: line 2
    values: {{operated: {{median: 50 months}}, waited: {{median: 30 months}}, quoted: {{median: 20 months}}}}
""",
    )
    assert names(selection) == [("Arms", "trial", "operated vs waited")]


def row_of(selection: Selection, study: str, name: str) -> Comparison:
    (row,) = (row for row in selection.comparisons if (row.study, row.name) == (study, name))
    return row


def test_a_contrast_holds_what_both_arms_and_the_source_say(select: Select) -> None:
    row = row_of(select("resection-overall-survival"), "midgut-debulking", "M1LR vs M1LNr")
    assert row.reference is not None and row.whole_size is not None
    assert (row.index.size.exact, row.reference.size.exact, row.whole_size.exact) == (80, 37, 117)
    assert [(f.statistic, f.time_months, f.value) for f in row.index.figures] == [
        ("median", None, 151.0),
        ("survival", 60.0, 0.88),
        ("survival", 120.0, 0.79),
    ]
    (p,) = row.figures
    assert (p.statistic, p.qualifier, p.value, p.basis, p.favours) == (
        "p_value",
        "<",
        0.0001,
        "inferred",
        "M1LR",
    )
    assert row.index.tags == {"intervention": "resection", "site": "liver", "population": "midgut_net"}
    assert row.index.lineage == (
        ("M1LR", "resection"), ("M1L", "site"), ("M1", "spread"), ("M", "stage"), ("reviewed", None),
    )  # fmt: skip
    assert (row.index.part_of, row.index.split) == ("M1L", "resection")
    assert row.index.members_of == {"M1L", "M1", "M", "reviewed"}


def test_only_figures_between_exactly_these_arms_are_the_contrast_s_own(select: Select) -> None:
    selection = select("completeness-overall-survival")
    # The p-values 0.10 and 0.12 compare the two sites, not complete with incomplete.
    for name in (
        "liver-complete vs liver-incomplete",
        "liver-peritoneum-complete vs liver-peritoneum-incomplete",
    ):
        assert row_of(selection, "mayo-sinet-peritoneal-2024", name).figures == ()
    printed = {
        ("net-liver-surgery-34", "R0-R1 vs R2"): "0.65",
        ("gudmundsdottir-2023", "complete vs residual"): "0.06",
        ("parenchyma-sparing-debulking", "debulked-70 vs debulked-less"): "0.009",
    }
    for (study, name), text in printed.items():
        assert [figure.as_reported for figure in row_of(selection, study, name).figures] == [text]


def test_sizes_are_those_that_the_print_allows(select: Select) -> None:
    selection = select("completeness-overall-survival")
    margin = row_of(selection, "net-liver-surgery-34", "R0-R1 vs R2")
    assert margin.reference is not None
    assert (margin.index.size.candidates, margin.reference.size.candidates) == ((22,), (12,))
    assert "worked out by the reader: 34 less the 22" in margin.reference.size.how
    vague = row_of(selection, "parenchyma-sparing-debulking", "debulked-70 vs debulked-less")
    # METHODS: about two thirds of 108 are 69 to 76.
    assert vague.index.size.candidates == tuple(range(69, 77))
    assert vague.whole_size is not None and vague.whole_size.exact == 108
    liver = row_of(selection, "mayo-sinet-peritoneal-2024", "liver-complete vs liver-incomplete")
    assert liver.reference is not None
    assert (liver.index.size.candidates, liver.reference.size.candidates) == ((164, 165), ())


def test_single_arms_are_the_highest_that_report(select: Select) -> None:
    after, quoted = "After surgery", "Registry figures that a study quotes"
    assert names(select("median-overall-survival")) == [
        (after, "gudmundsdottir-2023", "all"),
        (after, "mayo-sinet-peritoneal-2024", "liver-complete"),
        (after, "mayo-sinet-peritoneal-2024", "liver-peritoneum-complete"),
        (after, "mayo-sinet-peritoneal-2024", "liver-incomplete"),
        (after, "mayo-sinet-peritoneal-2024", "liver-peritoneum-incomplete"),
        (after, "midgut-debulking", "M1LR"),
        (after, "midgut-debulking", "M1OR"),
        (after, "midgut-debulking", "M2R"),
        # Not R0-R1, R2 and the age groups: their patients are those of all.
        (after, "net-liver-surgery-34", "all"),
        # Not debulked-70, whose patients are among these.
        (after, "parenchyma-sparing-debulking", "PNET"),
        (after, "parenchyma-sparing-debulking", "SBNET"),
        (quoted, "parenchyma-sparing-debulking", "SEER-PNET"),
        (quoted, "parenchyma-sparing-debulking", "SEER-SBNET"),
    ]


ALL_QUESTIONS = (
    "complete-cytoreduction", "completeness-overall-survival", "major-complications",
    "median-overall-survival", "perioperative-mortality", "resection-overall-survival",
    "surgery-extent-overall-survival", "survival-5-years", "survival-10-years", "symptom-relief",
)  # fmt: skip


@pytest.mark.parametrize("question", ALL_QUESTIONS)
def test_no_two_rows_of_a_block_share_patients(select: Select, question: str) -> None:
    selection = select(question)
    assert selection.comparisons
    blocks = {row.row_group for row in selection.comparisons}
    for block in blocks:
        rows = [row for row in selection.comparisons if row.row_group == block]
        studies = {row.study for row in rows}
        for study in studies:
            arms = [
                a for row in rows if row.study == study for a in (row.index, row.reference) if a is not None
            ]
            for position, arm in enumerate(arms):
                for other in arms[:position]:
                    assert not shares_patients(dict(arm.lineage), dict(other.lineage), arm.group, other.group)


def shares_patients(one: dict[str, str | None], other: dict[str, str | None], arm: str, second: str) -> bool:
    """Walk up from both arms: patients are different only below two parts of one split."""
    if arm in other or second in one:
        return True
    common = next((name for name in one if name in other), None)
    if common is None:  # two groups quoted from elsewhere, which are part of nothing here
        return False
    below_one = next(name for name, above in zip(one, list(one)[1:], strict=False) if above == common)
    below_other = next(name for name, above in zip(other, list(other)[1:], strict=False) if above == common)
    return one[below_one] != other[below_other]


def test_each_window_finds_the_study_that_reports_it(select: Select) -> None:
    selection = select("perioperative-mortality")
    assert names(selection) == [
        ("Within 30 days", "parenchyma-sparing-debulking", "LDS"),
        ("Within 90 days", "gudmundsdottir-2023", "all"),
    ]
    assert [round((row.time_months or 0) * 30.4375) for row in selection.comparisons] == [30, 90]


def test_a_share_of_unknown_patients_does_not_borrow_the_number_of_its_group(select: Select) -> None:
    rows = {row.name: row for row in select("symptom-relief").comparisons}
    assert set(rows) == {"functional", "liver-complete", "liver-peritoneum-complete"}
    for name in ("liver-complete", "liver-peritoneum-complete"):
        assert rows[name].index.size.candidates == ()
        assert "not reported" in rows[name].index.size.how
    # 37% of 546.
    assert rows["functional"].index.size.candidates == (200, 201, 202, 203, 204)


def test_overlap_is_known_to_both_studies(select: Select) -> None:
    rows = {row.study: row for row in select("major-complications").comparisons}
    assert rows["gudmundsdottir-2023"].overlaps == {"mayo-sinet-peritoneal-2024": "probably contained"}
    assert rows["parenchyma-sparing-debulking"].overlaps == {}
    assert rows["gudmundsdottir-2023"].accrual == "2000 to 2020"


TREE = """\
cohort: {design: retrospective, at: line 1}
groups:
  all: {label: All, n: 100, intervention: surgery, at: line 2}
  resected: {label: Resected, n: 60, of: all, by: choice, intervention: resection, at: line 3}
  left: {label: Left, n: 40, of: all, by: choice, intervention: no resection, at: line 3}
  others: {label: Of another split, n: 50, of: all, by: era, intervention: no resection, at: line 4}
  registry: {label: Registry, role: external, intervention: no resection, at: line 5}
outcomes:
  - outcome: overall survival
    at: line 6
    values:
      resected: {median: 50 months, survival at 5 years: 44%}
      left: {median: 30 months}
      registry: {median: 20 months}
comparisons:
  - outcome: overall survival
    of: [left, resected]
    hazard_ratio: 1.6 (95% CI 1.1 to 2.4)
    basis: stated
    at: line 7
  - {outcome: overall survival, of: [resected, left, others], p: 0.01, basis: stated, at: line 7}
"""
CONTRAST = """\
outcome: OS
effect_measure: hazard ratio
rows:
  - {label: Resection, index: {intervention: resection}, reference: {intervention: no resection}}
"""


def test_a_sixth_study_appears_with_no_other_edit(select_from: SelectFrom) -> None:
    selection = select_from(CONTRAST, new_study=TREE)
    (row,) = selection.comparisons
    assert (row.study, row.name) == ("new-study", "resected vs left")
    # Neither the group of another split nor the registry is a sibling; the p-value of three groups stands
    # beside the ratio, and is refused.
    assert [(figure.statistic, figure.group, figure.compared_with) for figure in row.figures] == [
        ("hazard_ratio", "left", ("resected",)),
        ("p_value", "resected", ("left", "others")),
    ]


def test_a_study_is_left_out_by_name_with_a_reason(select_from: SelectFrom) -> None:
    question = CONTRAST + "leave_out: [{study: two, because: The same patients as one.}]\n"
    selection = select_from(question, one=TREE, two=TREE)
    assert {row.study for row in selection.comparisons} == {"one"}
    assert [(departure.what, departure.because) for departure in selection.left_out] == [
        ("two", "The same patients as one.")
    ]


def test_leaving_out_a_study_that_does_not_exist_is_an_error(select_from: SelectFrom) -> None:
    question = CONTRAST + "leave_out: [{study: onee, because: Mistyped.}]\n"
    with pytest.raises(UnknownNameError, match="did you mean 'one'"):
        select_from(question, one=TREE)


def test_external_groups_are_chosen_only_by_their_role(select_from: SelectFrom) -> None:
    question = """\
outcome: OS
effect_measure: median
rows:
  - {label: Own, index: {intervention: no resection}}
  - {label: Registry, index: {intervention: no resection, role: external}}
"""
    assert [(row.row_group, row.name) for row in select_from(question, one=TREE).comparisons] == [
        ("Own", "left"),
        ("Registry", "registry"),
    ]


def test_siblings_that_report_nothing_are_no_contrast(select_from: SelectFrom) -> None:
    silent = TREE.replace("overall survival", "progression-free survival")
    assert select_from(CONTRAST, one=silent).comparisons == ()


def test_of_two_splits_the_one_with_most_reporting_groups_is_followed(select_from: SelectFrom) -> None:
    body = """\
cohort:
  design: retrospective
  follow_up: {median: 62 months, method: reverse Kaplan-Meier, minimum: 12 months}
  at: line 1
groups:
  all: {label: All, n: 90, intervention: surgery, at: line 2}
  early: {label: Early, n: 45, of: all, by: era, at: line 3}
  late: {label: Late, n: 45, of: all, by: era, at: line 3}
  low: {label: Low, n: 20, of: all, by: grade, at: line 3}
  middle: {label: Middle, n: 20, of: all, by: grade, at: line 3}
  high: {label: High, n: 20, of: all, by: grade, at: line 3}
outcomes:
  - outcome: overall survival
    at: line 4
    values:
      early: {survival at 5 years: 50%}
      late: {survival at 5 years: 60%}
      low: {survival at 5 years: 70%}
      middle: {survival at 5 years: 55%}
      high: {survival at 3 years: 30%}
"""
    question = """\
outcome: OS
effect_measure: survival
time: 60 months
rows: [{label: Surgery, index: {intervention: surgery}}]
"""
    # Two of each split report at five years: those with more patients are followed.
    rows = select_from(question, one=body).comparisons
    assert [row.name for row in rows] == ["early", "late"]
    assert (rows[0].follow_up_median_months, rows[0].minimum_follow_up_months) == (62.0, 12.0)
    assert (rows[0].time_months, rows[0].reference, rows[0].whole_size) == (60.0, None, None)
    rows = select_from(question, one=body.replace("at 3 years", "at 5 years")).comparisons
    assert [row.name for row in rows] == ["low", "middle", "high"]


@pytest.mark.parametrize(("method", "median"), [("reverse Kaplan-Meier", 62.0), ("survivors only", None)])
def test_only_a_reverse_median_counts_as_follow_up(
    select_from: SelectFrom, method: str, median: float | None
) -> None:
    body = TREE.replace(
        "retrospective,", f"retrospective, follow_up: {{median: 62 months, method: {method}}},"
    )
    (row,) = select_from(CONTRAST, one=body).comparisons
    assert row.follow_up_median_months == median


def test_an_overlap_that_one_file_states_holds_for_both(select_from: SelectFrom) -> None:
    again = TREE.replace(
        "cohort: {", "cohort: {overlaps: [{with: third, extent: possible, because: Same years.}], "
    )
    other = TREE.replace("n: 100", "n: 90").replace("n: 60", "n: 55").replace("n: 50,", "n: 45,")
    first, second, third = select_from(CONTRAST, first=other, second=again, third=TREE).comparisons
    assert (first.overlaps, second.overlaps, third.overlaps) == (
        {},
        {"third": "possible"},
        {"second": "possible"},
    )


WORSE = """\
  - outcome: progression-free survival
    at: line 6
    values:
      resected: {survival at 5 years: 74%}
comparisons:
"""


@pytest.mark.parametrize(("kind", "told"), [("conference abstract", True), ("journal abstract", False)])
def test_a_contradiction_in_an_unreviewed_source_is_known_to_its_rows(
    kind: str, told: bool, empty_project: Path, vocabulary: Vocabulary
) -> None:
    files = ProjectFiles(empty_project)
    head = f"id: one\nsource: {{kind: {kind}, title: not reported}}\n"
    # More free of progression than alive, of the same patients at the same time.
    body = TREE.replace("comparisons:\n", WORSE)
    (files.studies / "one.yaml").write_text(head + body, encoding="utf-8")
    path = empty_project / "evidence" / "questions" / "asked.yaml"
    path.write_text(f"id: asked\ntitle: Asked\nwhy: To know.\n{CONTRAST}", encoding="utf-8")
    build_database(files)
    with open_database(files.database) as opened:
        (row,) = select_comparisons(opened, read_question(path, vocabulary)).comparisons
    assert (row.unreviewed_contradiction is not None) == told


TWO_PARTS = """\
cohort: {institution: not reported, accrual: not reported}
groups:
  all: {label: All, n: 117, at: line 1}
  a: {label: Resected, n: 80, of: all, by: resection, intervention: resection, at: line 2}
  b: {label: Not, n: 37, of: all, by: resection, intervention: no resection, at: line 3}
outcomes:
  - outcome: overall survival
    at: line 5
    values:
      all: {count: 60 deaths, median: 80 months}
comparisons:
  - {outcome: overall survival, of: [a, b], p: 0.04, test: log-rank, favours: a, basis: stated, at: line 9}
"""
RATIO = """\
outcome: overall survival
effect_measure: hazard ratio
rows:
  - label: Resected
    index: {intervention: resection}
    reference: {intervention: no resection}
"""


def counted(selection: Selection) -> list[tuple[str, str]]:
    (row,) = selection.comparisons
    return [(figure.group, figure.as_reported) for figure in row.figures if figure.statistic == "count"]


def test_the_deaths_of_both_arms_together_belong_to_their_contrast(select_from: SelectFrom) -> None:
    selection = select_from(RATIO, two=TWO_PARTS)
    assert counted(selection) == [("all", "60 deaths")]
    (row,) = selection.comparisons
    assert [figure.statistic for figure in row.figures] == ["p_value", "count"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n: 117", "n: 120, not_exhaustive: [resection]"),
        ("n: 117, at: line 1", "at: line 1"),
        (
            "outcomes:",
            "  c: {label: Third, n: 5, of: all, by: resection, at: line 3}\noutcomes:",
        ),
        ("count: 60", "count within 30 days: 60"),
        # Whether the second arm is all the others is not said.
        ("n: 37, ", ""),
    ],
)
def test_deaths_of_others_as_well_do_not(old: str, new: str, select_from: SelectFrom) -> None:
    assert old in TWO_PARTS
    changed = TWO_PARTS.replace(old, new, 1)
    if "label: Third" in new:
        changed = changed.replace("n: 117", "n: 122")
    assert counted(select_from(RATIO, two=changed)) == []
