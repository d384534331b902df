"""The words typed: one file a command; the only place that prints, reads the environment or exits."""
