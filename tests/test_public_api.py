"""What a notebook imports."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from five_studies import FIVE_STUDIES
from matplotlib.text import Text

import evisynth
from evisynth.errors import EvidenceError


def test_every_public_name_exists() -> None:
    for name in evisynth.__all__:
        assert getattr(evisynth, name) is not None
        assert name in dir(evisynth)
    with pytest.raises(AttributeError):
        evisynth.nonsense  # noqa: B018


def test_a_project_answers_as_tables_and_results() -> None:
    evidence = evisynth.open(FIVE_STUDIES)
    medians = evidence.query(outcome="OS", statistic="median")
    assert isinstance(medians, pd.DataFrame)
    assert set(medians["study"]) == {path.stem for path in (FIVE_STUDIES / "studies").iterdir()}
    effects = evidence.effects("resection-overall-survival")
    assert {"point", "refused"} <= set(effects["kind"])
    pooled = evidence.pool("complete-cytoreduction")
    assert isinstance(pooled, evisynth.PooledResult)
    assert pooled.row_count == 3
    with pytest.raises(EvidenceError, match="not pooled"):
        evidence.pool("resection-overall-survival")


def test_effect_sizes_pool_and_draw() -> None:
    y, v = evisynth.effect_size(
        "RR", events1=[4, 6, 3], n1=[123, 306, 231], events2=[11, 29, 11], n2=[139, 303, 220]
    )
    result = evisynth.pool(y, v, labels=["Aronson", "Ferguson", "Rosenthal"], effect_measure="risk_ratio")
    # metafor 3.8-1, rma(ai, bi, ci, di, measure="RR", test="adhoc") on the first three BCG trials
    assert result.estimate == pytest.approx(np.average(y, weights=1 / (v + result.tau_squared)))
    texts = [text.get_text() for text in evisynth.forest(result).findobj(Text)]
    assert "Ferguson" in texts
