"""Plots of what the studies say: plain values become a chart (pure), then a figure."""
