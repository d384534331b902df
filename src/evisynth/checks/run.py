"""One run of the checks over a study or over all of them, less the findings that were acknowledged.

An acknowledgement that no longer speaks of any finding becomes a finding itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evisynth.checks.check import Judged, LineText, judge_outcomes
from evisynth.checks.registry import by_code, checks_of
from evisynth.checks.study_cards import StudyCard, study_card
from evisynth.checks.study_view import StudyView
from evisynth.errors import Finding
from evisynth.near_names import near_misses, suggestion_text
from evisynth.studies import Study
from evisynth.vocabulary import Vocabulary

_CODE = "acknowledgement-stale"


def stale_acknowledgements(
    cards: Sequence[StudyCard],
    raised: Mapping[tuple[str, str], Sequence[str]],
    ran: Collection[str],
    known: Sequence[str],
) -> Iterator[Finding]:
    """Yield an error for each acknowledgement of a finding that is not, or no longer, made.

    Parameters
    ----------
    cards
        The studies, with what they acknowledge.
    raised
        What the findings of each file and code speak of.
    ran
        Codes of the checks that ran; an acknowledgement of another is left alone.
    known
        Every code there is.
    """
    for card in cards:
        for entry in card.acknowledged:
            now = raised.get((card.path, entry.finding), ())
            if entry.finding in known and (entry.finding not in ran or entry.about in now):
                continue
            if entry.finding not in known:
                message = f"there is no check '{entry.finding}'"
                near = near_misses(entry.finding, known)
                fix = suggestion_text(entry.finding, near) if near else "evisynth check --list names them all"
            elif entry.about is None and now:
                message = f"which finding of '{entry.finding}' is acknowledged is not said"
                fix = "type " + " or ".join(f'about: "{about}"' for about in now[:3])
            else:
                about = f" about '{entry.about}'" if entry.about else ""
                message = f"'{entry.finding}' finds nothing{about} any more: what it spoke of has changed"
                fix = f'look again: it now speaks of "{now[0]}"' if now else "take the acknowledgement out"
            yield Finding(card.path, entry.line, entry.column, _CODE, "error", message, fix)


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
