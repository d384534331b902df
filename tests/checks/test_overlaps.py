"""Which studies may share patients, and at most how many."""

from __future__ import annotations

import pytest

from evisynth.checks import by_code

SURGERY = """\
id: conference
groups:
  managed: {label: Managed, n: 226, not_exhaustive: [parts], at: line 1}
  operated: {label: Operated, n: 108, of: managed, at: line 2}
outcomes:
  - {outcome: major complications, at: line 3, values: {operated: {proportion within 30 days: 12.9%}}}
  - {outcome: lesions treated, at: line 3, values: {operated: {median: 6.0 (range 0 to 36)}}}
  - {outcome: PFS, at: line 3, values: {operated: {median: 3.2 years}}}
---
id: paper
source: {kind: journal article, year: 2016REPORT}
groups:
  managed: {label: Managed, n: 228, not_exhaustive: [parts], at: line 1}
  operated: {label: Operated, n: 108, of: managed, at: line 2}
outcomes:
  - {outcome: major complications, at: line 3, values: {operated: {proportion within 30 days: 13.0%}}}
  - {outcome: lesions treated, at: line 3, values: {operated: {median: 6 (range 1 to 36)}}}
  - {outcome: PFS, at: line 3, values: {operated: {median: 3.2 years}}}
"""


def found(outcomes_of, code: str, text: str) -> list[str]:
    return [one.message for one in outcomes_of(by_code()[code], text) if one is not None]


def test_a_paper_that_repeats_an_abstract_is_suspected_by_its_figures(outcomes_of) -> None:
    (message,) = found(outcomes_of, "overlap-undecided", SURGERY.replace("REPORT", ""))
    assert "a group of 108 with the same results" in message
    assert found(outcomes_of, "overlap-undecided", SURGERY.replace("REPORT", ", report_of: conference")) == []


def test_two_reports_are_compared_figure_by_figure(outcomes_of) -> None:
    messages = found(outcomes_of, "reports-differ", SURGERY.replace("REPORT", ", report_of: conference"))
    assert len(messages) == 3
    assert any("228 here, 226" in message for message in messages)
    assert any("13.0% here, 12.9%" in message for message in messages)
    assert any("range 1 to 36" in message for message in messages)


PAIR = """\
id: one
source: {kind: journal abstract, authors: [AUTHORS]}
cohort: {institution: PLACE, registry: REGISTRY, accrual: 2000 to 2010}
groups: {all: {label: All, n: 40, at: line 1}}
---
id: two
source: {kind: journal abstract, authors: [Smith AB, Jones C, Miller D, et al.]}
cohort: {institution: University of Iowa Hospitals and Clinics, registry: SEER, accrual: YEARS}
groups: {all: {label: All, n: 60, at: line 1}}
"""


def pair(
    outcomes_of,
    place: str = "not reported",
    registry: str = "NCDB",
    authors: str = "Lee K",
    years: str = "2005 to 2015",
) -> list[str]:
    text = PAIR.replace("PLACE", place).replace("REGISTRY", registry).replace("AUTHORS", authors)
    return found(outcomes_of, "overlap-undecided", text.replace("YEARS", years))


def test_an_institution_is_known_by_its_telling_words(outcomes_of) -> None:
    (message,) = pair(outcomes_of, place="Iowa University Hospital")
    assert "the same institution" in message
    assert "2000 to 2010, 2005 to 2015" in message
    assert "40 patients at most" in message
    assert pair(outcomes_of, place="University Hospital") == []
    assert pair(outcomes_of) == []


def test_years_that_do_not_meet_settle_it(outcomes_of) -> None:
    assert pair(outcomes_of, place="Iowa", years="2011 to 2015") == []


def test_a_registry_or_two_authors_are_enough(outcomes_of) -> None:
    assert len(pair(outcomes_of, registry="SEER")) == 1
    assert pair(outcomes_of, authors="Smith AB, Lee K") == []
    (message,) = pair(outcomes_of, authors="Smith AB, Jones C., Lee K")
    assert "2 authors in common" in message


LARGE = """\
id: large
cohort: {institution: Iowa, accrual: 2000 to 2010}
groups:
  all: {label: All, n: 546, POPULATIONat: line 1}
PARTS---
id: small
cohort: {institution: Iowa, accrual: 2000 to 2010}
groups: {all: {label: All, n: 237, population: siNET, at: line 1}}
"""
SMALL_BOWEL = "  bowel: {label: Small bowel, n: 204, of: all, by: site, population: siNET, at: line 1}\n"
PANCREAS = "  pancreas: {label: Pancreas, n: N, of: all, by: site, population: PNET, at: line 1}\n"
OPERATED = "  operated: {label: Operated, n: 204, of: all, by: operation, at: line 1}\n"


@pytest.mark.parametrize(
    ("population", "parts", "most"),
    [
        ("", "", 237),
        # A part only is known: of the other 342 nobody says that they are no siNET.
        ("", SMALL_BOWEL, 237),
        ("", SMALL_BOWEL + PANCREAS.replace("N,", "300,"), 237),
        # 204 and the 12 of whom nothing is said.
        ("", SMALL_BOWEL + PANCREAS.replace("N,", "330,"), 216),
        ("", SMALL_BOWEL + PANCREAS.replace("N,", "342,"), 204),
        # The part only has the population of its whole.
        ("population: siNET, ", OPERATED, 237),
    ],
)
def test_a_part_bounds_what_is_shared_as_far_as_the_others_are_known(
    outcomes_of, population: str, parts: str, most: int
) -> None:
    text = LARGE.replace("POPULATION", population).replace("PARTS", parts)
    (message,) = found(outcomes_of, "overlap-undecided", text)
    assert f", {most} patients at most" in message


def test_the_arms_of_a_trial_are_its_patients(outcomes_of) -> None:
    arms = "  one: {label: One, n: 300, at: line 1}\n  two: {label: Two, n: 246, at: line 1}\n"
    text = LARGE.replace("  all: {label: All, n: 546, POPULATIONat: line 1}\n", arms).replace("PARTS", "")
    (message,) = found(outcomes_of, "overlap-undecided", text)
    assert "237 patients at most: 43.4% of the 546 of 'large'" in message
