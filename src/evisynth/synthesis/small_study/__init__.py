"""Tests and corrections for small-study effects."""
