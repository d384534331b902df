"""Names that a person probably meant by one that nobody knows: near in spelling or words, and alike in sense.

A name that is one letter off may say the opposite (complete, incomplete), and one that shares all its words
may too (no surgery, surgery). Whoever follows such a suggestion turns a finding round. So a candidate has to
deny as often as the name does, and must not stand at the other end of a pair of opposites.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

_DENIALS = frozenset("no not non none never neither nor without lacking absent absence free un".split())
#: Beginnings that deny what follows, with the words for which they do.
_DENYING_BEGINNINGS = re.compile(
    r"(?:un|non|in)(?=(?:resect|operat|complet|treat|function|surg|adjust|stratif|matched|random|respect|"
    r"reported|stable|eventful|differentiat|sufficien|hospital)[a-z]*$)"
)
#: Pairs of opposites; a name stands at one end of a pair, at the other, or says nothing of it.
_OPPOSITES: Mapping[str, tuple[str, str]] = {
    "life": (
        r"alive|surviv\w*|living",
        r"dead|deaths?|died|dying|mortality|fatal\w*|deceased",
    ),
    "amount": (
        r"at least|more than|more|over|above|greater\w*|larger|>=?|≥|minimum|least",
        r"at most|less than|less|under|below|fewer\w*|smaller|<=?|≤|maximum|most",
    ),
    "level": (r"high\w*", r"low\w*"),
    "weight": (r"major", r"minor"),
    "sign": (r"positive", r"negative"),
    "order": (r"before|pre ?(?:operative|treatment)\w*", r"after|post ?(?:operative|treatment)\w*"),
    "time": (r"early|earlier", r"late|later"),
    "side": (r"right", r"left"),
    "number": (r"single|solitary|unifocal", r"multiple|multifocal"),
}
#: Words that say nothing by themselves.
_SMALL = frozenset(
    "of the a an at to and or in on with by for than least most more less was were is be".split()
)


#: Words that are denied are the same, with a slip, from this share of letters in common.
_SPELT_ALIKE = 0.75
_YEAR = re.compile(r"(?:19|20)\d\d")


class Sense(NamedTuple):
    """What a name says: whether it denies its words, its ends of pairs of opposites, and the words."""

    denies: bool
    ends: Mapping[str, bool]
    words: frozenset[str]
    #: The beginnings of words that deny themselves: incomplete, unresected.
    denied: frozenset[str] = frozenset()

    @property
    def numbers(self) -> frozenset[str]:
        """The quantities among its words; a year names a study, and measures nothing."""
        bare = (word.strip("%<>≤≥=") for word in self.words)
        numbers = (word for word in bare if word.replace(".", "", 1).isdigit())
        return frozenset(number for number in numbers if not _YEAR.fullmatch(number))

    def fits(self, other: Sense) -> bool:
        """Whether a name of the other sense does not turn this one round."""
        if self.denies != other.denies:
            return False
        if not self.denied <= {word[:5] for word in other.words}:
            return False  # an incomplete resection is not no resection
        if self.numbers and other.numbers and self.numbers.isdisjoint(other.numbers):
            return False
        if "life" in self.ends and "life" not in other.ends:
            return False
        return all(other.ends.get(pair, end) == end for pair, end in self.ends.items())


@cache
def _ends() -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return the patterns of both ends of each pair; put together when the first name is unknown."""
    one, other = (
        {pair: re.compile(rf"(?<!\w)(?:{ends[side]})(?!\w)") for pair, ends in _OPPOSITES.items()}
        for side in (0, 1)
    )
    return {pair: (one[pair], other[pair]) for pair in _OPPOSITES}


@lru_cache(maxsize=4_096)
def sense_of(name: str) -> Sense:
    """Return what a name says besides its words."""
    plain = re.sub(r"[_\-\u2010-\u2015/]+", " ", name.casefold())
    words: list[str] = []
    denied: set[str] = set()
    denials = 0
    for word in re.findall(r"[\w.%<>≤≥=]+", plain):
        beginning = _DENYING_BEGINNINGS.match(word)
        denials += word in _DENIALS or beginning is not None
        if beginning is not None:
            denied.add(word[beginning.end() :][:5])
        if word not in _DENIALS:
            words.append(word[beginning.end() :] if beginning is not None else word)
    ends: dict[str, bool] = {}
    for pair, (one, other) in _ends().items():
        first, second = bool(one.search(plain)), bool(other.search(plain))
        if first != second:
            ends[pair] = first
    kept = frozenset(word for word in words if word not in _SMALL)
    return Sense(denials % 2 == 1, ends, kept, frozenset(denied))


def near_misses(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known names that a person probably meant, nearest first; none that says the opposite."""
    sense = sense_of(name)
    by_folded = {
        candidate.casefold(): candidate
        for candidate in known
        if sense.fits(other := sense_of(candidate)) and (not sense.denies or _deny_alike(sense, other))
    }
    close = difflib.get_close_matches(name.casefold(), list(by_folded), n=most, cutoff=0.6)
    return [by_folded[folded] for folded in close] or _of_like_words(sense, by_folded.values(), most)


def _deny_alike(one: Sense, other: Sense) -> bool:
    """Say whether two names deny the same: a word in common, or words spelt alike."""
    if {word[:5] for word in one.words} & {word[:5] for word in other.words}:
        return True
    mine, theirs = (" ".join(sorted(sense.words)) for sense in (one, other))
    return difflib.SequenceMatcher(None, mine, theirs).ratio() >= _SPELT_ALIKE


def _of_like_words(sense: Sense, candidates: Iterable[str], most: int) -> list[str]:
    """Return the names that share most words with one of a given sense, at least half of those of both."""
    if len(sense.words) < 2 and not (sense.denies or sense.ends):
        return []
    shared = {
        candidate: 2 * len(sense.words & words) / (len(sense.words) + len(words))
        for candidate in candidates
        if (words := sense_of(candidate).words) or sense.words
    }
    ranked = sorted((one for one in shared if shared[one] >= 0.5), key=lambda one: -shared[one])
    return ranked[:most]


def near_in_meaning(words: str, described: Sequence[tuple[Sequence[str], str]]) -> list[int]:
    """Rank described things by the words they share with some words: their numbers, nearest first.

    ``described`` has the names and the definition of each. A word of a name counts three times one of the
    definition, and a rare word more than one that many share. None of whose names fits the sense is left out.
    """
    asked, sense = _stems(words), sense_of(words)
    held = [(_stems(" ".join(names)), _stems(definition)) for names, definition in described]
    common = Counter(stem for of_names, of_definition in held for stem in of_names | of_definition)
    scores: dict[int, float] = {}
    for number, (of_names, of_definition) in enumerate(held):
        # What denies something is near only to what denies the same by name.
        shared = asked & (of_names if sense.denies else of_names | of_definition)
        if shared and any(sense.fits(sense_of(name)) for name in described[number][0]):
            parts = ((3 * (stem in of_names) + (stem in of_definition)) / common[stem] for stem in shared)
            scores[number] = sum(parts)
    return sorted(scores, key=lambda number: -scores[number])


def _stems(text: str) -> frozenset[str]:
    """Return the beginnings of the words of a text, by which tumour, tumors and tumoral are one."""
    words = re.findall(r"[^\W_]+", text.casefold().replace("our", "or").replace("ae", "e"))
    return frozenset(word[:5] for word in words if word not in _SMALL and word not in _DENIALS)


def suggestion_text(name: str, known: Iterable[str], known_as: str = "known") -> str:
    """Say what to type instead of an unknown ``name``: the near misses, else all that is known."""
    known = tuple(known)
    close = near_misses(name, known)
    if close:
        return "did you mean " + " or ".join(f"'{candidate}'" for candidate in close) + "?"
    if not known:
        return "none is defined"
    return f"{known_as}: " + ", ".join(sorted(known, key=str.casefold))
