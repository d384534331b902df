"""Asking the database: in goes a question, out come reported outcomes and comparisons; `effects` is next."""
