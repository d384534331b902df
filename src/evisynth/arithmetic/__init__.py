"""Closed formulas on scalars, intervals and counts, shared by checks, effects and synthesis."""
