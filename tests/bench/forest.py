"""The same plot by evisynth from the same rows, from a cold start: python forest.py ROWS.csv PLOT.svg|png."""

import csv
import sys

import evisynth

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
result = evisynth.pool(
    [float(row["y"]) for row in rows],
    [float(row["v"]) for row in rows],
    labels=[row["label"] for row in rows],
    effect_measure="hazard_ratio",
)
evisynth.forest(result).savefig(sys.argv[2])
