"""Findings that a study file says were looked at, and acknowledgements that no longer speak of any."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from evisynth.checks.study_card import StudyCard
from evisynth.errors import Finding, near_misses, suggestion_text

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
