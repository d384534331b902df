from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from evisynth.answers import Answer, Summary, i_squared_limits
from evisynth.figures import (
    counts_text,
    departure_notes,
    favours_texts,
    flag_text,
    grade_note,
    heterogeneity_text,
    model_text,
    note_letter,
)
from evisynth.outcomes import GroupSelector, Question, RowGroup
from evisynth.synthesis import PooledResult

Answers = dict[str, Callable[[], Answer]]


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _question(answers: Answers, *pairs: tuple[dict[str, str], dict[str, str]]) -> Question:
    blocks = tuple(
        RowGroup(
            str(i),
            GroupSelector({k: (v,) for k, v in index.items()}),
            GroupSelector({k: (v,) for k, v in reference.items()}),
        )
        for i, (index, reference) in enumerate(pairs)
    )
    return replace(answers["resection"]().question, row_groups=blocks)


def test_favours_names_the_tag_that_differs_and_not_the_site(answers: Answers) -> None:
    assert favours_texts(answers["resection"]().question) == ("Favours resection", "Favours no resection")


def test_favours_joins_blocks_that_differ(answers: Answers) -> None:
    assert favours_texts(answers["exploratory"]().question) == (
        "Favours resection, complete or at least 70%",
        "Favours no resection, incomplete or less than 70%",
    )


def test_favours_writes_percent_as_a_sign(answers: Answers) -> None:
    asked = _question(answers, ({"extent": "at_least_70_percent"}, {"extent": "below_70_percent"}))
    assert favours_texts(asked) == ("Favours at least 70%", "Favours below 70%")


def test_favours_spells_a_term_as_the_vocabulary_does(answers: Answers) -> None:
    term, label = "intra_arterial_therapy", "Intra-arterial therapy"
    asked = _question(answers, ({"intervention": term}, {"intervention": "surgery"}))
    (block,) = asked.row_groups
    labelled = replace(block, index=replace(block.index, labels={term: label}))
    assert favours_texts(replace(asked, row_groups=(labelled,))) == (
        "Favours intra-arterial therapy",
        "Favours surgery",
    )


def test_favours_falls_back_when_nothing_tells_the_groups_apart(answers: Answers) -> None:
    asked = _question(answers, ({"role": "own"}, {"role": "own"}))
    assert favours_texts(asked) == ("Favours first group", "Favours second group")


def test_single_arms_favour_nothing(answers: Answers) -> None:
    assert favours_texts(answers["medians"]().question) is None


def test_other_measures_do_not_guess_whether_more_is_better(answers: Answers) -> None:
    asked = replace(answers["clipped"]().question, effect_measure="odds_ratio")
    assert favours_texts(asked) == ("Less with operation", "More with operation")


def test_heterogeneity_of_the_bcg_trials(bcg_result: PooledResult) -> None:
    # metafor 3.8-1 on dat.bcg: Q 152.2330, df 12, I2 92.12 from Q alone, tau2 0.3132.
    text = plain(heterogeneity_text(bcg_result, i_squared_limits(bcg_result)))
    assert text == "Heterogeneity: Q = 152.23, df = 12, p = 0.030; I² = 92% (95% CI 82% to 98%); τ² = 0.31."


def test_the_model_is_named(bcg_result: PooledResult) -> None:
    assert model_text(bcg_result) == "Random-effects model (REML), Hartung-Knapp interval with q* ≥ 1."
    common = replace(bcg_result, method="common", interval="wald")
    assert model_text(common) == "Common-effect model, Wald interval."
    assert "τ²" not in heterogeneity_text(common)


def test_rows_and_studies_are_both_counted() -> None:
    summary = Summary("", None, None, 6, 3, 614, exploratory=True)
    assert counts_text(summary) == "6 rows of 3 studies, 614 patients."
    assert counts_text(replace(summary, study_count=1, participant_count=None)) == "6 rows of one study."


def test_departures_are_told_once(answers: Answers) -> None:
    answer = answers["exploratory"]()
    assert departure_notes(answer) == [
        "Left out: registry-1987. Its patients are contained in midgut-debulking.",
        "Mixed on purpose: kind of contrast. The question asks what the scraps add up to.",
    ]
    overall = replace(
        answer.overall, cautions=("Without registry-1987: its patients are contained in midgut-debulking.",)
    )
    assert len(departure_notes(replace(answer, overall=overall))) == 1


def test_flags_and_grades_in_words() -> None:
    assert "proportional" in flag_text("non_PH_suspected")
    assert flag_text("a_new_flag") == "A new flag."
    assert grade_note(["X", "C", "C"]).count("C recovered") == 1
    assert grade_note([]) == ""


@pytest.mark.parametrize(("number", "letters"), [(0, "a"), (25, "z"), (26, "aa"), (701, "zz"), (702, "aaa")])
def test_note_letters_never_run_out(number: int, letters: str) -> None:
    assert note_letter(number) == letters
