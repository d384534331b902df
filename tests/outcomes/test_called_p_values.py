"""P-values only called significant, or not, and comparisons that only say who did better."""

from __future__ import annotations

import pytest

from evisynth.database import ProjectFiles, build_database, open_database
from evisynth.outcomes import select_reported_outcomes

STUDY = """\
id: called
source: {kind: journal abstract}
cohort: {}
groups:
  all: {label: All, n: 80, at: line 1}
  yes: {label: Resected, n: 40, of: all, by: resection, at: line 1}
  no: {label: Not resected, n: 40, of: all, by: resection, at: line 1}
comparisons:
  - {outcome: overall survival, of: [yes, no], SAID, basis: stated, at: line 2}
"""


@pytest.mark.parametrize(
    ("said", "state", "as_reported", "favours"),
    [
        ("p: NS", "not_significant", "NS", None),
        ("p: significant, favours: yes", "significant", "significant", "yes"),
        ("favours: yes", "not_reported", "not reported", "yes"),
    ],
)
def test_a_comparison_without_a_number_is_held_and_found(
    empty_project, said: str, state: str, as_reported: str, favours: str | None
) -> None:
    files = ProjectFiles(empty_project)
    (files.studies / "called.yaml").write_text(STUDY.replace("SAID", said), encoding="utf-8")
    build_database(files)
    with open_database(files.database) as opened:
        (row,) = select_reported_outcomes(opened, study="called", statistic="p-value")
    assert (row.group, row.compared_with, row.favours) == ("yes", ("no",), favours)
    assert (row.state, row.value, row.as_reported) == (state, None, as_reported)
