"""The journey in one place: a project folder becomes answers, plots and pages; ``cli`` is what types it."""
