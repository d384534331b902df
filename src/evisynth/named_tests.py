"""What the name of a test says of its p-value: on how many sides it looks, and what it compares.

Only a two-sided test of two groups for a difference, in which every event weighs the same, gives a ratio of
the two its precision. Names are read as sources write them: "one-tailed log-rank", "Wilcoxon-Gehan".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WEIGHTED = (
    r"gehan|tarone|peto ?(?:,|&|-|and|) ?(?:peto|prentice)|prentice|fleming|harrington|wilcoxon|weighted|"
    r"g-rho|modified log-?rank|modest|"
    r"breslow(?!.*(?:ties|method|approximation|estimat))|max-?combo|r[eé]nyi|kolmogorov|restricted mean|rmst"
)
_SEVERAL = (
    r"kruskal|anova|analysis of variance|omnibus|\bglobal\b|overall(?! survival)|"
    r"\b(?:three|four|five|six|seven|several|multiple|all|k|[3-9])"
    r"(?: (?:sub)?(?:groups|arms|samples|categories|strata)|-(?:group|arm|sample|way|category))\b|"
    r"\bbetween (?:the )?(?:three|four|five|six|seven|several|all|[3-9]) \w+|"
    r"(?:across|among|between all)(?: the)? (?:\w+ )?groups|(?:>|more than) ?(?:2|two) groups"
)
_CORRECTED = (
    r"bonferroni|simes|holm|tukey|dunnett|scheff|hochberg|multiplicity|multiple (?:comparisons|testing)"
)
#: Tests of another question than whether two groups differ; the first that fits.
_OF_ANOTHER_QUESTION: tuple[tuple[str, str], ...] = (
    (r"non-?inferior|not inferior", "a test of non-inferiority"),
    (r"equivalen|\btost\b|two one-sided", "a test of equivalence"),
    (r"interact|heterogen|homogen|effect modif|breslow-?day|subgroup difference", "a test of interaction"),
    (r"trend|armitage|jonckheere|linear-by-linear|dose-response", "a test for trend"),
    (_SEVERAL, "a test of several groups"),
    (_CORRECTED, "a test corrected for several comparisons"),
)
#: Tests of two groups whose statistic is no ratio over its standard error.
_OF_OTHER_WEIGHTS: tuple[tuple[str, str], ...] = (
    (_WEIGHTED, "a test that weighs early and late events differently, or ranks"),
    (r"mann-?whitney|rank-? ?sum|signed-? ?rank|\bu[- ]test", "a test of ranks"),
)
_ONE_SIDED = re.compile(
    r"\b(?:one|1|single|uni)-?(?:sided?|tail(?:ed|s)?|lateral)\b|"
    r"\b(?:one|1)-?way (?:log|test|p\b)|"
    r"\b(?:upper|lower|left|right)[- ]?(?:tail|sided)|\b(?:uni)?directional"
)
_SIDES = re.compile(
    r"\b(?:one|1|single|two|2|uni|bi)-?(?:sided?|tail(?:ed|s)?|lateral)\b|\b(?:p|test|values?|the|superiority)\b"
)
_LOG_RANK = re.compile(r"log-?rank|mantel-?cox")
_OF_MEANS = re.compile(r"\bt[- ]?tests?\b|student|welch|\bz[- ]test for means")
_OF_TABLES = re.compile(r"fisher|chi|mcnemar")
#: What a test of a table is not, whatever its statistic: chi-squared from a log-rank test, or from a model.
_OF_CURVES = re.compile(r"log-?rank|mantel|likelihood|wald|score|cox|regression|hazard")


@dataclass(frozen=True, slots=True)
class NamedTest:
    """A test as it is named.

    ``of_another_question`` says what it tests instead of a difference of two groups, and ``of_other_weights``
    why it gives no precision of their ratio; empty where it does.
    """

    is_named: bool
    one_sided: bool
    is_log_rank: bool
    is_wald: bool
    of_means: bool
    of_tables: bool
    of_another_question: str
    of_other_weights: str

    @property
    def of_another_kind(self) -> str:
        """Why its p-value gives no precision of a ratio of two groups, empty where it may."""
        return self.of_another_question or self.of_other_weights


@lru_cache(maxsize=1_024)
def read_test(name: str | None) -> NamedTest:
    """Read the name of a test; None, or nothing but its sides, leaves it unnamed."""
    words = " ".join((name or "").casefold().translate(_DASHES).split())
    words = re.sub(r"\s*-\s*", "-", words)
    # "one tailed" and "onetailed" are "one-tailed"; "t test" keeps its space.
    words = re.sub(r"\b(one|1|two|2|single|uni|bi)[ -]?(sided?|tail(?:ed|s)?|lateral)\b", r"\1-\2", words)
    words = re.sub(
        r"\b(log|mann|non|mantel|fleming) (rank|whitney|inferior\w*|cox|harrington)", r"\1-\2", words
    )
    return NamedTest(
        is_named=any(letter.isalpha() for letter in _SIDES.sub("", words)),
        one_sided=_ONE_SIDED.search(words) is not None,
        is_log_rank=_LOG_RANK.search(words) is not None,
        is_wald="wald" in words,
        of_means=_OF_MEANS.search(words) is not None,
        of_tables=_OF_TABLES.search(words) is not None and _OF_CURVES.search(words) is None,
        of_another_question=_first(_OF_ANOTHER_QUESTION, words),
        of_other_weights=_first(_OF_OTHER_WEIGHTS, words),
    )


def _first(kinds: tuple[tuple[str, str], ...], words: str) -> str:
    return next((kind for pattern, kind in kinds if re.search(pattern, words)), "")


_DASHES = str.maketrans(dict.fromkeys("−–—‐‑", "-"))


def two_sided(p_value: float) -> float:
    """Return the two-sided p-value of a one-sided one: twice it, or twice its complement beyond one half."""
    return 2 * min(p_value, 1 - p_value)
