"""One line on how far an answer depends on choices: the range over every admissible combination of them."""

from __future__ import annotations

from evisynth.figures.natural_interval import natural_interval
from evisynth.report.answer_view import EffectText
from evisynth.synthesis.multiverse import Multiverse


def choices_text(multiverse: Multiverse, texts: EffectText, *, exploratory: bool) -> str:
    """Say between which values the estimate lies, and how often its interval excludes no effect.

    Parameters
    ----------
    multiverse
        Of one summary that has an estimate.
    texts
        Writes its effects as the rest of the page does.
    exploratory
        Whether the question itself is; if not, the combinations accept more than it does, which is told.
    """
    if multiverse.combinations == 1 and multiverse.own is not None:
        return "No choice could move it: the question's own is the one admissible combination of choices."
    pooled, without, ends = len(multiverse.estimate), sum(multiverse.refused.values()), multiverse.range
    over = f"all {multiverse.combinations:,} admissible combinations of choices"
    if multiverse.combinations == 1:
        over = "the one admissible combination of choices"
    elif multiverse.combinations == 2:
        over = "both admissible combinations of choices"
    elif not multiverse.exact:
        over = f"a sample of {pooled + without:,} of the {multiverse.combinations:,} admissible combinations"
    rules = "" if exploratory else " (by the rules of an exploratory question)"
    if ends is None:
        return f"Over {over}{rules} nothing is pooled."
    low, _, high = texts.bare(natural_interval(multiverse.scale, None, *ends)).partition(" to ")
    where = f"is {low}{texts.unit}" if low == high else f"lies between {low} and {high}{texts.unit}"
    said = [f"Over {over}{rules} the estimate {where}"]
    if without:
        said.append(f"{without:,} of them {'is' if without == 1 else 'are'} not pooled")
    if texts.display.null is not None:
        said.append(_no_effect(_excluding(multiverse), pooled))
    return "; ".join(said) + "."


def _no_effect(excluding: int, pooled: int) -> str:
    if pooled == 1:
        return f"its interval {'excludes' if excluding else 'includes'} no effect"
    return f"in {excluding:,} of {pooled:,} the interval excludes no effect"


def _excluding(multiverse: Multiverse) -> int:
    return int(((multiverse.ci_upper < 0) | (multiverse.ci_lower > 0)).sum())
