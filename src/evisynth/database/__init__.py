"""Building: in go studies, out comes the DuckDB file, swapped in atomically; `outcomes` is next."""
