"""evisynth: what abstracts report, kept as evidence that can be audited, pooled and drawn."""

__version__ = "0.1.0"
