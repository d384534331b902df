"""What blocks of rows differ by, in words: a test between them, or their difference within one study."""

from __future__ import annotations

from evisynth.answers import Difference, StratifiedDifference
from evisynth.arithmetic import to_natural_interval, to_natural_scale
from evisynth.figures.forest_plot.styles import PLAIN, Voice
from evisynth.wording import fixed, interval_name, listed, number_text


def difference_text(difference: Difference | StratifiedDifference | str | None, voice: Voice = PLAIN) -> str:
    """Say what blocks differ by, or why that is not tested; empty where there is nothing to compare."""
    if difference is None:
        return ""
    if isinstance(difference, str):
        return f"{voice.difference}: not tested, since {difference}."
    if isinstance(difference, StratifiedDifference):
        return _within_strata(difference, voice)
    by_f = difference.residual_df is not None
    test = voice.equal("F" if by_f else voice.q, fixed(difference.q_between, 2))
    p = voice.p_text(difference.p_value)
    df = voice.equal("df", f"{difference.df} and {difference.residual_df}" if by_f else str(difference.df))
    told = f"{test}, {df} ({p})" if voice.tau_first else f"{test}, {df}, {p}"
    return f"{voice.difference}: {told}{', by meta-regression with one τ²' if by_f else ''}."


def _within_strata(difference: StratifiedDifference, voice: Voice) -> str:
    low, high = to_natural_interval(difference.ci_lower, difference.ci_upper, difference.scale)
    numbers = (to_natural_scale(difference.estimate, difference.scale), low or 0.0, high or 0.0)
    what, unit, link = "ratio", "", "against"
    if difference.scale == "identity":
        what, unit, link = "difference", " percentage points", "less"
        numbers = (100 * numbers[0], 100 * numbers[1], 100 * numbers[2])
    value, lower, upper = (fixed(number, 1) if unit else number_text(number, 3) for number in numbers)
    what = f"Exploratory {what}" if difference.exploratory else what.capitalize()
    strata = listed(difference.strata, most=None)
    said = (
        f"{what} within the strata of {difference.study} ({strata}), {difference.first} {link} "
        f"{difference.second}: {value}{unit} ({interval_name(difference.level)} {lower} to {upper}), "
        f"{voice.p_text(difference.p_value)}; fixed effects, {difference.method}."
    )
    q, df = fixed(difference.q_statistic, 2), str(len(difference.strata) - 1)
    said += (
        f" Between strata: {voice.equal(voice.q, q)}, {voice.equal('df', df)}, "
        f"{voice.p_text(difference.q_p_value)}."
    )
    if difference.left:
        left = listed(difference.left, most=None)
        said += f" Without {left}, where only one block has a row that counts."
    return said
