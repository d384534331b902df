"""Recovery: in go reported outcomes, out come points with a standard error, bounds or refusals; `synthesis` is next."""
