"""Asking the database: a question in; reported outcomes and comparisons out; next: `effects`."""
