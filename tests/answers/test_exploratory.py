"""What an exploratory question let stand is named, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evisynth.effects import FLAG as NON_PROPORTIONAL_FLAG


def exploratory_words(answer) -> str:
    """Return the one caution that says why an answer is exploratory."""
    (said,) = (caution for caution in answer.overall.cautions if caution.startswith("Exploratory"))
    return said


def test_nothing_is_named_that_does_not_apply(ask, studies, answer_rows) -> None:
    answer = answer_rows(ask(minimum_grade="D"), *studies(-0.5, -0.4, -0.3))
    assert exploratory_words(answer) == (
        "Exploratory, since the question accepts grade D, although none of its rows is of that grade."
    )


def test_rows_of_grade_d_are_counted(ask, studies, answer_rows) -> None:
    rows = studies(-0.5, -0.4, -0.3)
    rows[1] = (rows[1][0], replace(rows[1][1], grade="D"))
    assert (
        exploratory_words(answer_rows(ask(minimum_grade="D"), *rows))
        == "Exploratory: grade D in 1 of 3 rows."
    )


def test_two_rows_are_named_unless_the_model_is_bayesian(ask, studies, answer_rows) -> None:
    two = answer_rows(ask(minimum_grade="D"), *studies(-0.5, -0.4))
    assert exploratory_words(two) == "Exploratory: two rows."
    bayesian = answer_rows(ask(minimum_grade="D", model="bayesian"), *studies(-0.5, -0.4))
    assert "two rows" not in exploratory_words(bayesian)


def test_one_study_and_crossing_hazards_are_named(ask, compare, point, arm, answer_rows) -> None:
    rows = []
    for place in range(3):
        part = f"p{place}"
        arms = [
            arm("s1", group, part_of=part, lineage=((group, "resection"), (part, "site"), ("all", None)))
            for group in (f"a{place}", f"b{place}")
        ]
        comparison = compare("s1", *arms)
        flags = (NON_PROPORTIONAL_FLAG,) if place == 0 else ()
        rows.append((comparison, point(comparison, -0.3, flags=flags)))
    assert exploratory_words(answer_rows(ask(minimum_grade="D"), *rows)) == (
        "Exploratory: all rows from one study."  # of the hazards a caution of its own speaks
    )


@pytest.mark.parametrize("grade", ["B", "C"])
def test_a_stricter_question_is_not_exploratory(ask, studies, answer_rows, grade) -> None:
    answer = answer_rows(ask(minimum_grade=grade), *studies(-0.5, -0.4, -0.3))
    assert not answer.overall.exploratory
    assert not any("xploratory" in caution for caution in answer.overall.cautions)
