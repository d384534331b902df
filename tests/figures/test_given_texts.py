"""What users hand to a plot as texts: gaps of tables, and pairs of names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from evisynth.errors import InvalidDataError
from evisynth.figures import is_missing, read_pair


@pytest.mark.parametrize("value", [None, float("nan"), np.float64("nan"), pd.NA, pd.NaT])
def test_gaps_of_tables_are_missing(value: Any) -> None:
    assert is_missing(value)


@pytest.mark.parametrize("value", ["", "nan", "None", 0, False, 7.5])
def test_texts_and_numbers_are_not(value: Any) -> None:
    assert not is_missing(value)


@pytest.mark.parametrize(
    "pair", [("a", "b"), ["a", "b"], np.array(["a", "b"]), pd.Series(["a", "b"], [5, 6])]
)
def test_a_pair_may_be_of_any_kind(pair: Any) -> None:
    assert read_pair("arms", pair) == ("a", "b")


@pytest.mark.parametrize("pair", ["ab", ("a",), ("a", "b", "c"), ("a", None), 4, None])
def test_anything_else_is_no_pair(pair: Any) -> None:
    with pytest.raises(InvalidDataError, match="arms are two texts"):
        read_pair("arms", pair)
