"""Writes figures.json: Hedges' J to 30 digits (mpmath), at 17 significant digits. Run in this folder."""

from __future__ import annotations

import json
from pathlib import Path

import mpmath as mp

mp.mp.dps = 60

DEGREES_OF_FREEDOM = (
    2, 3, 5, 10, 20, 37, 63, 64, 65, 100, 250, 1_000, 10_000, 100_000, 399_998, 1_000_000, 100_000_000,
    10**12,
)  # fmt: skip


def correction(m: int) -> mp.mpf:
    half = mp.mpf(m) / 2
    return mp.exp(mp.loggamma(half) - mp.loggamma(half - mp.mpf(1) / 2)) / mp.sqrt(half)


figures = [{"degrees_of_freedom": m, "correction": mp.nstr(correction(m), 20)} for m in DEGREES_OF_FREEDOM]
text = "[\n" + ",\n".join(json.dumps(figure) for figure in figures) + "\n]\n"
Path("figures.json").write_text(text, encoding="utf-8")
