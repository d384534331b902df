"""Which counts are of events: ``deaths: 40`` and ``count: 40 deaths`` say the same."""

from __future__ import annotations

#: Names under which a row gives the number of its events.
EVENT_STATISTICS = ("deaths", "events")
#: Words, in the print or its unit, that make a count one of events and not of patients who may be alive.
EVENT_WORDS = frozenset({"event", "events", "death", "deaths", "died"})
#: Words by which the vocabulary says that an event is a death, and nothing but a death.
_DEATH = ("death", "dead", "died", "dying", "mortality")


def counts_events(*texts: str) -> bool:
    """Say whether a count, by its text or its unit, is one of events."""
    return not EVENT_WORDS.isdisjoint(" ".join(texts).casefold().split())


def is_death_alone(event: str | None) -> bool:
    """Say whether each event of an outcome is a death; so it is taken to be where nothing is said."""
    if event is None:
        return True
    words = event.casefold()
    return any(word in words for word in _DEATH) and " or " not in words
