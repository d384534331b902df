"""Strata of one study: what two blocks differ by when each of their rows stands in a stratum of one study.

Groups after surgery and groups without it, each divided by the site of metastases, are no two sets of
studies: put together block by block, they would compare patients with other sites. They are set against each
other stratum by stratum instead, and the differences are put together by fixed effects within the study. No
variance between studies is estimated, and the blocks have no estimate of their own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evisynth.answers.comparability import PooledRow, only_study
from evisynth.arithmetic import to_natural_scale
from evisynth.errors import InvalidDataError
from evisynth.measures import Scale, question_measure
from evisynth.outcomes import Question

#: How the differences of strata are put together.
BY_VARIANCE, BY_COUNTS = "inverse variance", "Mantel-Haenszel"
FEWEST_STRATA = 2


@dataclass(frozen=True, slots=True)
class StratifiedDifference:
    """The difference of two blocks within the strata of one study; their ratio where months are compared.

    ``estimate`` is first less second on the ``scale``: of shares as they are (identity), of medians their
    logarithms. ``strata`` names the groups that both blocks divide, ``left`` those of which only one block
    has a row that counts. ``q_statistic`` tells whether strata differ, with one degree of freedom less than
    there are strata.
    """

    study: str
    first: str
    second: str
    scale: Scale
    method: str
    estimate: float
    standard_error: float
    ci_lower: float
    ci_upper: float
    p_value: float
    q_statistic: float
    q_p_value: float
    level: float
    strata: tuple[str, ...]
    left: tuple[str, ...]
    exploratory: bool = False

    @property
    def reason(self) -> str:
        """Why the blocks have no estimate of their own."""
        return (
            f"its rows are strata of one study ({self.study}), which are set against those of the other "
            "block within the study"
        )


def stratified_difference(
    question: Question, blocks: Sequence[tuple[str, Sequence[PooledRow]]]
) -> StratifiedDifference | None:
    """Set two blocks of single groups against each other within the strata of one study.

    Parameters
    ----------
    question
        Its level, and a measure of single groups.
    blocks
        The label of each block, with its rows that count.

    Returns
    -------
    StratifiedDifference or None
        None unless two blocks hold rows of one and the same study, at least two strata of which have a row
        in each.
    """
    if question.is_contrast or len(blocks) != 2 or not all(rows for _, rows in blocks):
        return None
    (first, rows), (second, others) = blocks
    study = only_study([*rows, *others])
    if study is None:
        return None
    mine, theirs = _by_stratum(rows), _by_stratum(others)
    if mine is None or theirs is None:
        return None
    both = tuple(stratum for stratum in mine if stratum in theirs)
    if len(both) < FEWEST_STRATA:
        return None
    found = _put_together(question, [(mine[stratum], theirs[stratum]) for stratum in both])
    if found is None:
        return None
    left = tuple(stratum for stratum in (*mine, *theirs) if stratum not in both)
    names = tuple(name or study for name, _ in both), tuple(name or study for name, _ in dict.fromkeys(left))
    return StratifiedDifference(study, first, second, *found, question.level, *names, question.exploratory)


_Stratum = tuple[str | None, str | None]


def _by_stratum(rows: Sequence[PooledRow]) -> dict[_Stratum, PooledRow] | None:
    """Give the row of each stratum: the whole and the split it is part of; None where one has several."""
    found: dict[_Stratum, PooledRow] = {}
    for row in rows:
        arm = row.comparison.index
        if (arm.part_of, arm.split) in found:
            return None
        found[arm.part_of, arm.split] = row
    return found


_Found = tuple[Scale, str, float, float, float, float, float, float, float]


def _put_together(question: Question, pairs: Sequence[tuple[PooledRow, PooledRow]]) -> _Found | None:
    from evisynth.synthesis import pool, pool_counts

    counts = [(one.effect.counted, other.effect.counted) for one, other in pairs]
    tables = [(*one.tables[0], *other.tables[0]) for one, other in counts if one and other]
    if len(tables) == len(pairs):
        try:
            counted = pool_counts("mantel-haenszel", tables, "risk_difference", level=question.level)
        except InvalidDataError:
            return None
        return (
            "identity",
            BY_COUNTS,
            *(counted.estimate, counted.standard_error, counted.ci_lower, counted.ci_upper),
            *(counted.p_value, counted.q_statistic, counted.q_p_value),
        )
    numbers = [(_natural(question, one), _natural(question, other)) for one, other in pairs]
    if any(None in pair for pair in numbers):
        return None
    known = [(one, other) for one, other in numbers if one is not None and other is not None]
    found = pool(
        [one[0] - other[0] for one, other in known],
        [one[1] + other[1] for one, other in known],
        tau_squared="common",
        interval="wald",
        prediction="none",
        level=question.level,
    )
    return (
        "log" if question_measure(question.effect_measure).axis == "months" else "identity",
        BY_VARIANCE,
        *(found.estimate, found.standard_error, found.ci_lower, found.ci_upper),
        *(found.p_value, found.q_statistic, found.q_p_value),
    )


def _natural(question: Question, row: PooledRow) -> tuple[float, float] | None:
    r"""Return a share with its variance by the delta method, or the logarithm of a median as it is.

    .. math::
        \mathrm{Var}\,S = (S \log S)^2 \, \mathrm{Var}\log(-\log S), \qquad
        \mathrm{Var}\,p = (p (1 - p))^2 \, \mathrm{Var}\,\mathrm{logit}\,p
    """
    effect = row.effect
    if effect.estimate is None or effect.standard_error is None:
        return None
    if effect.scale == "log":
        return effect.estimate, effect.standard_error**2
    share = to_natural_scale(effect.estimate, effect.scale)
    slope = share * math.log(share) if effect.scale == "log(-log)" else share * (1 - share)
    return share, (slope * effect.standard_error) ** 2
