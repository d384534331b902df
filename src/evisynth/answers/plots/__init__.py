"""Plots before they are drawn: the models, tests and diagnostics that they show, all of them fitted here."""
