from __future__ import annotations

from typing import Any

import pytest

from evisynth.answers import MODELS, checked_name
from evisynth.errors import UnknownNameError, UsageError
from evisynth.figures import (
    COLUMN_KEYS,
    COLUMNS,
    LAYOUTS,
    STYLES,
    read_names,
    read_options,
)


def test_names_are_read_from_a_list_or_a_text_with_commas() -> None:
    assert read_names("column", "study, N ,as printed", COLUMNS) == ("study", "n", "printed")
    assert read_names("column", ["p-value", "risk of bias"], COLUMNS) == ("p_value", "risk_of_bias")


def test_every_column_has_words_and_every_layout_a_style() -> None:
    assert set(COLUMNS) == {*COLUMN_KEYS, "plot"}
    assert set(LAYOUTS) == set(STYLES)
    for name, style in STYLES.items():
        assert style.name == name
        assert {*style.before, *style.after} <= set(COLUMN_KEYS)


@pytest.mark.parametrize("layout", STYLES)
def test_grades_and_effects_stand_in_every_layout(layout: str) -> None:
    style = STYLES[layout]
    assert {"study", "effect", "weight", "grade"} <= {*style.before, *style.after}


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="unknown column 'wight'; did you mean 'weight'") as error:
        read_names("column", "wight", COLUMNS)
    assert error.value.known == tuple(COLUMNS)
    with pytest.raises(UnknownNameError, match="known: bmj, compact, default, jama, revman"):
        read_options("lancet", None, None, "forest", None)
    with pytest.raises(UnknownNameError, match="unknown kind of forest plot"):
        read_options("jama", None, None, "funnel", None)
    with pytest.raises(UnknownNameError, match="unknown model"):
        read_options("jama", None, "fixed", "forest", None)


def test_choices_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UsageError, match="named twice"):
        read_names("column", "n,n", COLUMNS)
    with pytest.raises(UsageError, match="no column is named"):
        read_names("column", " , ", COLUMNS)
    with pytest.raises(UsageError, match="cannot come first"):
        read_options("jama", "plot,study", None, "forest", None)
    with pytest.raises(UsageError, match="one model"):
        read_options("jama", None, "bayesian", "cumulative", None)


@pytest.mark.parametrize("name", [None, 3, ["default"]])
def test_a_name_that_is_no_text_is_unknown(name: Any) -> None:
    with pytest.raises(UnknownNameError, match="unknown layout"):
        checked_name("layout", name, LAYOUTS)


def test_names_that_are_no_list_are_told_so() -> None:
    with pytest.raises(UsageError, match="models are given as a list of names, not as 3"):
        read_names("model", 3, MODELS)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="known: bayesian"):
        read_names("model", [1, 2], MODELS)  # type: ignore[list-item]
