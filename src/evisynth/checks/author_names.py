"""Authors whom publications have in common, however they are cited: initials, order, accents, capitals."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ı": "i", "þ": "th"})
#: Vowels that are written with a mark or with an e behind: Müller, Mueller.
_SPELT_OUT = re.compile(r"(?<=[aou])e")
_PART = re.compile(r"[^\W_]+")
_MOST_INITIALS = 3

#: Names so common that two people have one with the same initial in many lists of authors.
COMMON_NAMES = frozenset(
    (
        "chen choi gao guo he hu huang jiang kim lee li lin liu luo ma park sato sun suzuki tanaka wang wu "
        "xu yang yu zhang zhao zheng zhou zhu jones johnson kumar singh smith williams"
    ).split()
)


def author_keys(name: str) -> tuple[tuple[str, str], ...]:
    """Return surname and first initial, folded: in each way that the name may be read.

    ``Müller K``, ``K. Mueller`` and ``Müller, Karl`` have a key in common. A list that ends with ``et al.``
    names nobody there.
    """
    if name.lower().startswith("et al"):
        return ()
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    surname, comma, given = plain.partition(",")
    first = _PART.findall(given)
    if comma and first:
        return ((_folded(_PART.findall(surname)), _initial(first[0])),)
    parts = _PART.findall(plain.replace("'", "").replace("’", ""))
    shouted = plain.upper() == plain
    short = [_are_initials(part, place, parts, shouted) for place, part in enumerate(parts)]
    rest = [part for part, is_short in zip(parts, short, strict=True) if not is_short]
    if not rest or len(parts) == 1:
        return ((_folded(parts), ""),) if parts else ()
    if short[0] or short[-1]:
        ways = [(surname, parts[0 if short[0] else short.index(True)]) for surname in (rest, rest[-1:])]
    else:
        ways = [(rest[-1:], parts[0]), (rest[:1], parts[-1])]
    return tuple(dict.fromkeys((_folded(surname), _initial(given)) for surname, given in ways))


def _are_initials(part: str, place: int, parts: list[str], shouted: bool) -> bool:
    if len(part) == 1 or not part.isalpha():
        return True
    if part.isupper() and not shouted:
        return len(part) <= _MOST_INITIALS
    at_an_end = place == len(parts) - 1 and not part[0].isupper()
    return at_an_end and len(part) == 2 and len(parts[0]) > 2


def _initial(part: str) -> str:
    return (part[0] if part.isalpha() else part).lower()  # "Author 12" is not "Author 1"


def _folded(parts: list[str]) -> str:
    return _SPELT_OUT.sub("", "".join(parts).lower())


#: A name is at least so rare, and one of the common ones this frequent, in lists of authors.
_RAREST = 1e-5
_COMMON = 1 / 300
Pair = tuple[int, int]
#: Gives each pair of members of each bucket, with the key of the bucket.
InBuckets = Callable[[Mapping[tuple[str, str], list[int]]], Iterator[tuple[tuple[str, str], Pair]]]


class AuthorsInCommon:
    """Authors whom publications have in common, pair by pair, and how rare that is.

    Parameters
    ----------
    lists
        The authors of each publication, as cited.
    in_buckets
        Gives each pair of the members of each bucket, with its key.
    """

    def __init__(self, lists: Sequence[Sequence[str]], in_buckets: InBuckets) -> None:
        self._lists = lists
        self._buckets: dict[tuple[str, str], list[int]] = defaultdict(list)
        cited: list[dict[tuple[str, str], str]] = []
        for place, names in enumerate(lists):
            keys = {key: name for name in dict.fromkeys(names) for key in author_keys(name)}
            cited.append(keys)
            for key in keys:
                self._buckets[key].append(place)
        #: The names in common of each pair, as the first of it cites them, each with its key.
        self.shared: dict[Pair, dict[str, tuple[str, str]]] = defaultdict(dict)
        for key, pair in in_buckets(self._buckets):
            self.shared[pair].setdefault(cited[pair[0]][key], key)
        known = [len(names) for names in lists if names]
        self._known = max(len(known), 1)
        self.pairs = math.comb(len(known), 2)
        self._meetings = max(self.pairs * (sum(known) / self._known) ** 2, 1)
        self._single = sum(len(names) == 1 for names in self.shared.values())

    def chance(self, pair: Pair) -> float:
        """Return how often two publications have so many names in common by chance: C(ab, k) * prod P.

        a and b are the lengths of their lists. P of a name is how often it stands among the other lists, and
        no less than how often any name of one list stands in another, as pairs with a single name tell.
        """
        names = self.shared.get(pair)
        if not names:
            return 1.0
        usual = (self._single - (len(names) == 1)) / self._meetings  # the pair itself is no chance
        ways = math.comb(len(self._lists[pair[0]]) * len(self._lists[pair[1]]), len(names))
        return min(ways * math.prod(self._frequency(key, usual) for key in names.values()), 1.0)

    def _frequency(self, key: tuple[str, str], usual: float) -> float:
        others = (len(self._buckets[key]) - 2) / self._known
        return max(others, usual, _COMMON if key[0] in COMMON_NAMES else _RAREST)
