"""The changelog as a reviewer reads it: what is counted, what is told once, and what is told at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evisynth.pipeline import (
    Changes,
    Entry,
    EvidenceChange,
    Fact,
    SubjectChange,
    change_as_json,
    compare_entries,
    question_entries,
    write_changelog,
)

NONE = Changes()
UNCHANGED = EvidenceChange("v1.0 (abc1234)", "the project as it stands", "abc1234", (), NONE, (), 11)


def figure(printed: str, *, place: str = "line 34", line: int = 8, n: str | None = None,
           group: str = "M1LR", starts: str = "operation") -> Entry:  # fmt: skip
    said = {"as_reported": printed, "n": n, "starts": starts, "source_location": place}
    facts = tuple(Fact(name, text, text) for name, text in said.items() if text is not None)
    key = ("small", group, None, "overall_survival", "survival", 60.0)
    record = {"file_location": f"studies/small.yaml:{line}", "as_reported": printed}
    about = printed if n is None else f"{printed} (n {n})"
    return Entry(key, facts, record, f"overall survival, survival at 5 years, {group}", about)


def study_change(
    figures: Changes = NONE, details: Changes = NONE, name: str = "small", state: Any = "changed"
) -> SubjectChange:
    return SubjectChange(name, state, "", {"groups": NONE, "figures": figures, "details": details})


def study(old: list[Entry], new: list[Entry]) -> SubjectChange:
    return study_change(compare_entries(old, new))


def told(change: SubjectChange) -> list[str]:
    """The lines below the heading of the only block."""
    kind = "studies" if "figures" in change.parts else "questions"
    lines = write_changelog(replace(UNCHANGED, **{kind: (change,)})).splitlines()
    return [line for line in lines if line.startswith("- ")]


def answer(**values: Any) -> dict[str, Any]:
    pooled = {
        "row_count": 3, "study_count": 3, "participant_count": 120, "estimate": 0.72, "ci_lower": 0.6,
        "ci_upper": 0.86, "standard_error": 0.09, "p_value": 0.001, "tau_squared": 0.0, "i_squared": 0.0,
        "q_statistic": 1.5, "prediction_lower": 0.5, "prediction_upper": 1.1, "exploratory": False,
        "refused": None, "cautions": [], "prior": None, "bayesian": None,
    }  # fmt: skip
    return {"level": 0.95, "subgroups": [], "rows": [], **pooled, **values}


REFUSAL = {**dict.fromkeys(("estimate", "ci_lower", "ci_upper", "standard_error", "p_value", "tau_squared",
                            "i_squared", "q_statistic", "prediction_lower", "prediction_upper")),
           "refused": "one row only"}  # fmt: skip


def row(**values: Any) -> dict[str, Any]:
    return {
        "row_group": "Liver", "study": "small", "comparison": "a vs b", "n": 120, "kind": "point",
        "estimate": 0.5, "standard_error": 0.2, "ci_lower": 0.3, "ci_upper": 0.8, "lower": None,
        "upper": None, "grade": "B", "recovery": "landmark_contrast", "included": True,
        "reason": None, "downgrades": [], "weight": 0.4, **values,
    }  # fmt: skip


def question(old: dict[str, Any], new: dict[str, Any]) -> SubjectChange:
    before, now = (question_entries(None, side) for side in (old, new))
    parts = {name: compare_entries(before[name], now[name]) for name in now}
    return SubjectChange("os", "changed", "Overall survival", parts)


def test_no_difference_is_one_line() -> None:
    text = "No difference between v1.0 (abc1234) and the project as it stands."
    assert write_changelog(UNCHANGED) == text
    assert write_changelog(UNCHANGED, markdown=True) == f"## {text.rstrip('.')}"


def test_the_headline_counts_what_is_below() -> None:
    studies = tuple(
        study_change(name=name, state=state)
        for name, state in (("a", "added"), ("b", "added"), ("c", "changed"))
    )
    moved = question(answer(), answer(estimate=0.68))
    whole = replace(UNCHANGED, studies=studies, questions=(moved, replace(moved, state="added")))
    headline = write_changelog(whole).splitlines()[0]
    assert headline == (
        "Changes from v1.0 (abc1234) to the project as it stands: 2 studies added, 1 changed; "
        "1 question added; 1 of 10 answers changed."
    )
    assert "The answers to the other 9 questions are unchanged." in write_changelog(whole)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (figure("88%"), figure("85%"),
         "changed: overall survival, survival at 5 years, M1LR: 88% -> 85% [line 34; studies/small.yaml:8]"),
        (figure("88%"), figure("85%", line=9),
         "changed: overall survival, survival at 5 years, M1LR: 88% -> 85% "
         "[line 34; studies/small.yaml:9, before on line 8]"),
        (figure("88%"), figure("85%", place="line 36", n="70"),
         "changed: overall survival, survival at 5 years, M1LR: 88% -> 85%; "
         "number of patients not stated -> 70 "
         "[line 34; studies/small.yaml:8 -> line 36; studies/small.yaml:8]"),
        (figure("88%"), figure("88%", place="line 36"),
         "changed: overall survival, survival at 5 years, M1LR: place in the source line 34 -> line 36 "
         "[studies/small.yaml:8]"),
    ],
    ids=["number", "moved", "everything", "place"],
)  # fmt: skip
def test_a_figure_is_told_before_and_after_with_both_places(old: Entry, new: Entry, line: str) -> None:
    assert told(study([old], [new])) == [f"- {line}"]


def test_figures_that_came_and_went_are_told() -> None:
    assert told(study([figure("88%")], [figure("85%", group="M2R", n="70")])) == [
        "- added: overall survival, survival at 5 years, M2R: 85% (n 70) [line 34; studies/small.yaml:8]",
        "- removed: overall survival, survival at 5 years, M1LR: 88% [line 34; studies/small.yaml:8]",
    ]


@pytest.mark.parametrize(("count", "lines"), [(2, 2), (3, 1), (9, 1)])
def test_one_change_of_many_figures_is_told_once(count: int, lines: int) -> None:
    old = [figure("88%", group=f"g{number}") for number in range(count)]
    new = [figure("88%", group=f"g{number}", starts="diagnosis") for number in range(count)]
    found = told(study(old, new))
    assert len(found) == lines
    assert all("starts operation -> diagnosis" in line for line in found)
    assert lines > 1 or f"{count} figures (overall survival, survival at 5 years, g0; " in found[0]
    assert ("; ...)" in found[0]) == (count > 5)


def test_every_changed_figure_stands_in_a_line() -> None:
    old = [figure(f"{number}%", group=f"g{number}") for number in range(50, 60)]
    new = [figure(f"{number + 1}%", group=f"g{number}") for number in range(50, 60)]
    assert len(told(study(old, new))) == 10


def test_a_pool_that_moved() -> None:
    (line,) = told(question(answer(), answer(estimate=0.68, ci_upper=0.82, row_count=4, study_count=4)))
    assert line == (
        "- changed: pooled estimate: 0.72 (95% CI 0.6 to 0.86; k = 3, 3 studies, 120 patients) "
        "-> 0.68 (95% CI 0.6 to 0.82; k = 4, 4 studies, 120 patients)"
    )


@pytest.mark.parametrize("turn", [False, True])
def test_a_refusal_that_came_or_went(turn: bool) -> None:
    sides = [answer(), answer(**REFUSAL)]
    texts = ["0.72 (95% CI 0.6 to 0.86; k = 3, 3 studies, 120 patients)", "not pooled: one row only"]
    old, new = reversed(sides) if turn else sides
    was, now = reversed(texts) if turn else texts
    assert told(question(old, new)) == [f"- changed: pooled estimate: {was} -> {now}"]


def test_a_model_beside_the_estimate_comes_and_goes() -> None:
    beside = {"prior": "half-normal(1)", "estimate": 0.7, "ci_lower": 0.5, "ci_upper": 0.9}
    without, with_it = answer(), answer(bayesian=beside)
    text = "Bayesian estimate beside it: 0.7 (95% credible interval 0.5 to 0.9)"
    assert told(question(without, with_it)) == [f"- added: {text}"]
    assert told(question(with_it, without)) == [f"- removed: {text}"]
    refused = answer(**REFUSAL)
    assert [line.partition(":")[0] for line in told(question(with_it, refused))] == ["- changed"]


def test_a_change_beyond_the_digits_shown_says_so() -> None:
    (line,) = told(question(answer(), answer(standard_error=0.0901)))
    assert line.endswith("(beyond the digits shown)")


def test_what_six_digits_do_not_show_is_no_change() -> None:
    from evisynth.wording import six_digits

    noisy = six_digits(answer(estimate=0.72 + 1e-12))
    assert not question(answer(), noisy).answer_changed


def test_cautions_are_told_one_by_one() -> None:
    change = question(answer(cautions=["Few rows.", "Old."]), answer(cautions=["Few rows.", "New."]))
    assert told(change) == ["- added: caution: New.", "- removed: caution: Old."]


def test_cautions_go_with_their_estimate_and_come_with_it() -> None:
    with_caution = answer(cautions=["Few rows."])
    assert len(told(question(with_caution, answer(**REFUSAL)))) == 1
    assert told(question(answer(**REFUSAL), with_caution))[1:] == ["- added: caution: Few rows."]


def test_a_claim_is_known_by_what_stayed() -> None:
    def claim(place: str, key: str = "claims") -> Entry:
        said = {"kind": "benefit", "outcome": "overall survival", "at": place}
        return Entry(("small", key), tuple(Fact(name, text, text) for name, text in said.items()), name=key)

    details = compare_entries([claim("line 3")], [claim("line 4")])
    (line,) = told(study_change(details=details))
    assert line == "- changed: claims (benefit, overall survival): at line 3 -> line 4"
    year = [Entry(("small", name), (Fact(name, year, str(year)),), name=name)
            for name, year in (("source year", 2020), ("source year", 2021))]  # fmt: skip
    details = compare_entries(year[:1], year[1:])
    (line,) = told(study_change(details=details))
    assert line == "- changed: source year: 2020 -> 2021"


def test_rows_are_told_with_what_they_say() -> None:
    old = answer(rows=[row(), row(comparison="c vs d")])
    new = answer(rows=[row(grade="C", downgrades=["few at risk"]),
                       row(comparison="e vs f", estimate=None, ci_lower=None, ci_upper=None, lower=0.4,
                           grade="X", included=False, reason="a bound")])  # fmt: skip
    assert told(question(old, new)) == [
        "- changed: small a vs b (Liver): grade B -> C; grade lowered by few at risk",
        "- added: row small e vs f (Liver): at least 0.4, grade X, not included: a bound",
        "- removed: row small c vs d (Liver): 0.5 (95% CI 0.3 to 0.8), grade B, included",
    ]


def test_a_row_left_out_says_why_and_a_reason_gone_is_told() -> None:
    (line,) = told(question(answer(rows=[row(downgrades=["few"])]),
                            answer(rows=[row(included=False, reason="overlaps")])))  # fmt: skip
    assert line == (
        "- changed: small a vs b (Liver): included yes -> no, overlaps; no longer grade lowered by few"
    )


def test_a_weight_alone_is_no_change() -> None:
    assert not told(question(answer(rows=[row()]), answer(rows=[row(weight=0.3)])))


def test_blocks_have_their_own_estimates() -> None:
    def blocks(**values: Any) -> dict[str, Any]:
        block = {**answer(), **values, "label": "After surgery"}
        return answer(**{**REFUSAL, "refused": "each block has its own summary"}, subgroups=[block])

    lines = told(question(blocks(), blocks(p_value=0.2)))
    assert lines == ["- changed: After surgery: p-value: 0.001 -> 0.2"]
    (gone,) = told(question(blocks(), answer(**REFUSAL)))[1:]
    assert gone.startswith("- removed: After surgery: pooled estimate: 0.72")


def test_a_study_under_another_name_is_known() -> None:
    figures = Changes(added=(figure("88%"),)), Changes(removed=(figure("88%"),))
    studies = (
        study_change(figures[0], name="new-name", state="added"),
        study_change(figures[1], state="removed"),
    )
    text = write_changelog(replace(UNCHANGED, studies=studies))
    assert (
        "- added: study: 0 groups, 1 figure (overall survival 1); it says what small said, under another name"
        in text
    )


def test_markdown_has_a_table_for_each_study_and_question() -> None:
    whole = replace(
        UNCHANGED,
        studies=(study([figure("88%")], [figure("85%|*")]),),
        questions=(question(answer(), answer(**REFUSAL)),),
    )
    lines = write_changelog(whole, markdown=True).splitlines()
    assert lines[0] == "## Changes from v1.0 (abc1234) to the project as it stands"
    assert [line for line in lines if line.startswith("###")] == [
        "### Studies", "#### small", "### Answers", "#### os",
    ]  # fmt: skip
    rows = [line for line in lines if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {6}
    assert r"| 88% | 85%\|\* | line 34; studies/small.yaml:8 |" in rows[2]


def test_json_has_the_documented_keys() -> None:
    whole = replace(
        UNCHANGED,
        studies=(study([figure("88%")], [figure("85%")]),),
        questions=(question(answer(), answer(**REFUSAL)),),
    )
    record = change_as_json(whole)
    assert list(record) == ["old", "new", "commit", "studies", "vocabulary", "questions", "question_count"]
    assert record["studies"][0]["figures"]["changed"] == [
        {
            "old": {"file_location": "studies/small.yaml:8", "as_reported": "88%"},
            "new": {"file_location": "studies/small.yaml:8", "as_reported": "85%"},
            "facts": ["as_reported"],
        }
    ]
    (summary,) = record["questions"][0]["summaries"]["changed"]
    assert (summary["old"]["estimate"], summary["new"]["refused"]) == (0.72, "one row only")
    empty = change_as_json(UNCHANGED)
    assert (empty["studies"], empty["questions"]) == ([], [])
    assert empty["vocabulary"] == {"added": [], "removed": [], "changed": []}
