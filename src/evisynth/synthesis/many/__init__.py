"""Thousands of syntheses in one call, in columns."""
