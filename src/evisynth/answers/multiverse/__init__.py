"""The question answered again over every admissible choice."""
