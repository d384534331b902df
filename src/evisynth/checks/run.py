"""Running the checks: over one study, over all of them, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evisynth.checks.acknowledgements import stale_acknowledgements
from evisynth.checks.judging import Judged, LineText, judge_outcomes
from evisynth.checks.registry import by_code, checks_of
from evisynth.checks.study_card import StudyCard, study_card
from evisynth.checks.study_view import StudyView
from evisynth.errors import Finding
from evisynth.studies.study import Study
from evisynth.vocabulary import Vocabulary


@dataclass(slots=True)
class StudyChecked:
    """What the checks of one study found, how many things each found fine, and the study's card."""

    judged: list[Judged]
    fine: Counter[str]
    card: StudyCard


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All findings, in order of their places, and how many things each check looked at and found fine."""

    findings: tuple[Finding, ...]
    fine: Mapping[str, int] = field(default_factory=dict)
    study_count: int = 0


def check_study(study: Study, vocabulary: Vocabulary, line_text: LineText | None = None) -> StudyChecked:
    """Run every check that looks at one study; ``line_text`` adds the line that each finding is on."""
    view = StudyView(study, vocabulary)
    fine: Counter[str] = Counter()
    judged: list[Judged] = []
    for check in checks_of("study"):
        judged += judge_outcomes(check, check.run(view), study.path, fine, line_text)
    return StudyChecked(judged, fine, study_card(view))


def check_collection(cards: Sequence[StudyCard], fine: Counter[str]) -> list[Judged]:
    """Run every check that looks at all studies together."""
    judged: list[Judged] = []
    for check in checks_of("collection"):
        judged += judge_outcomes(check, check.run(cards), "", fine)
    return judged


def finish(judged: Iterable[Judged], cards: Sequence[StudyCard], scopes: frozenset[str]) -> list[Finding]:
    """Mark what study files acknowledge, and report what they acknowledge in vain; in no order.

    ``scopes`` are those that ran: an acknowledgement of a check that did not run is left alone.
    """
    everything = list(judged)
    if not any(card.acknowledged for card in cards):
        return [one.finding for one in everything]
    said = {
        (card.path, entry.finding, entry.about): entry.because
        for card in cards
        for entry in card.acknowledged
    }
    findings = [
        replace(one.finding, acknowledged=True, fix=f"acknowledged: {because}")
        if (because := said.get((one.finding.file, one.finding.code, one.about))) is not None
        else one.finding
        for one in everything
    ]
    raised: dict[tuple[str, str], list[str]] = {}
    for one in everything:
        raised.setdefault((one.finding.file, one.finding.code), []).append(one.about)
    ran = {code for code, check in by_code().items() if check.scope in scopes}
    return [*findings, *stale_acknowledgements(cards, raised, ran, tuple(by_code()))]
