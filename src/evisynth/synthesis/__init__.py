"""Pooling: in go effects as arrays, out come frozen results; `figures` is next."""
