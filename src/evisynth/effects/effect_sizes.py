"""Effect sizes by name: raw figures of k studies in, estimates and sampling variances out."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping

import numpy as np

from evisynth.arithmetic import Column, Columns, read_columns, refuse_rows
from evisynth.effects import effect_sizes_of_counts, effect_sizes_of_means, effect_sizes_of_survival
from evisynth.effects.effect_size_measure import Estimates, Measure, Settings
from evisynth.errors import InvalidDataError, UnknownNameError

MEASURES: tuple[Measure, ...] = (
    *effect_sizes_of_counts.MEASURES,
    *effect_sizes_of_means.MEASURES,
    *effect_sizes_of_survival.MEASURES,
)
SETTINGS = ("to", "add", "level")


def effect_size(measure: str, **data: object) -> Estimates:
    """Compute effect estimates and their sampling variances from the figures of k studies.

    =============  ================================================================
    measure        data
    =============  ================================================================
    RR OR RD       ``events1 n1 events2 n2``: log risk ratio, log odds ratio, risk
    AS PETO        difference, arcsine difference, Peto's log odds ratio
    PR PLN PLO     ``events n``: proportion, its log, its logit, its arcsine root
    PAS
    IR IRLN IRS    ``events time``: rate, its log, its square root
    IRR IRD IRSD   ``events1 time1 events2 time2``: log rate ratio, difference,
                   difference of square roots
    MD SMD SMDH    ``mean1 sd1 n1 mean2 sd2 n2``: difference, Hedges' g with pooled
    ROM            and with unpooled spread, log ratio of means
    COR ZCOR       ``r n``: correlation, Fisher's z
    HR             ``hazard_ratio ci_lower ci_upper`` or ``hazard_ratio p_value``: log
                   hazard ratio
    log(-log)      ``survival`` with ``n``, with ``standard_error``, or with
    logit          ``ci_lower ci_upper``
    =============  ================================================================

    Group 1 is the index group, group 2 the reference. The codes are metafor's; the last two rows are named
    after their scale.

    Parameters
    ----------
    measure : str
        One of the codes above. ``"PFT"`` is refused with the reason;
        ``"freeman-tukey-double-arcsine"`` computes it and warns.
    **data
        The columns above, each of shape (k,), and these settings where they apply: ``to`` (``"only0"`` by
        default, ``"all"``, ``"none"``) and ``add`` for the continuity correction of counts (0.5; of AS, PAS,
        IRS and IRSD, which are defined without one, 0 unless it is given), ``level`` (0.95) of the printed
        intervals. RD takes it too, as metafor's does: ``add=0`` leaves it out, as every question does.

    Returns
    -------
    tuple of arrays of shape (k,)
        Estimates ``y`` on the analysis scale (log for ratios) and sampling variances ``v`` in its square.

    Raises
    ------
    UnknownNameError
        For a measure, a column or a correction that does not exist.
    InvalidDataError
        For figures that cannot be; the message names the row, counted from 1, and the value. The interval of
        a hazard ratio that is more than twice as long to one side as to the other (on the log scale, whatever
        the rounding) is one: HR 4.64 (1.33 to 6.16).

    Warns
    -----
    UserWarning
        For intervals of hazard ratios that are off the centre by less, but by more than rounding explains.

    References
    ----------
    The formula functions of the ``effect_sizes_of_...`` modules name theirs.

    Examples
    --------
    >>> y, v = effect_size("OR", events1=[14, 9], n1=[70, 60], events2=[22, 17], n2=[72, 58])
    """
    chosen = _choose_measure(measure, data)
    settings = _read_settings({name: data[name] for name in chosen.settings if name in data}, chosen.add)
    columns = read_columns({name: data[name] for name in chosen.columns})
    prepared = chosen.prepare(columns, settings)
    at_level = {"level": settings.level} if "level" in chosen.settings else {}
    # what overflows or divides by zero here is refused by row just below
    with np.errstate(all="ignore"):
        y, v = chosen.formula(**prepared, **at_level)
    _check_estimates(chosen, columns, y, v)
    return y, v


def _choose_measure(code: str, data: Mapping[str, object]) -> Measure:
    """Find the measure whose columns are those of ``data``, or say what is missing or unknown."""
    if code == "PFT":
        reason = effect_sizes_of_counts.DOUBLE_ARCSINE_REASON
        instead = effect_sizes_of_counts.DOUBLE_ARCSINE_INSTEAD
        by_name = f"to get it all the same, ask for '{effect_sizes_of_counts.DOUBLE_ARCSINE}'"
        raise InvalidDataError(f"'PFT' is refused: {reason}; {instead}; {by_name}")
    forms = [measure for measure in MEASURES if measure.code == code]
    if not forms:
        raise UnknownNameError("measure", str(code), list(dict.fromkeys(m.code for m in MEASURES)))
    if code == effect_sizes_of_counts.DOUBLE_ARCSINE:
        warnings.warn(effect_sizes_of_counts.DOUBLE_ARCSINE_REASON, UserWarning, stacklevel=3)
    # the form that shares most with what was given, and among equals the one that lacks least
    chosen = max(
        forms, key=lambda form: (len(set(form.columns) & set(data)), -len(set(form.columns) - set(data)))
    )
    known = (*chosen.columns, *chosen.settings)
    for name in data:
        if name not in known:
            raise UnknownNameError(f"column or setting of '{code}'", name, known)
    missing = [name for name in chosen.columns if name not in data]
    if missing:
        choices = " or ".join(f"({', '.join(form.columns)})" for form in forms)
        raise InvalidDataError(f"'{code}' lacks {', '.join(missing)}; it takes {choices}")
    return chosen


def _read_settings(given: Mapping[str, object], usual_add: float) -> Settings:
    to = given.get("to", "only0")
    if to not in ("only0", "all", "none"):
        raise UnknownNameError("continuity correction", str(to), ["only0", "all", "none"])
    add = _read_number("add", given.get("add", usual_add))
    level = _read_number("level", given.get("level", 0.95))
    if add < 0:
        raise InvalidDataError(f"add = {add:g}: a continuity correction must not be negative")
    if not 0 < level < 1:
        raise InvalidDataError(f"level = {level:g}: a level lies between 0 and 1, for instance 0.95")
    return Settings(to=to, add=add, level=level)


def _read_number(name: str, value: object) -> float:
    if not isinstance(value, int | float | np.number) or not math.isfinite(value):
        raise InvalidDataError(f"{name} = {value!r}: give one finite number")
    return float(value)


def _check_estimates(measure: Measure, columns: Columns, y: Column, v: Column) -> None:
    advice = f"no finite '{measure.code}' with a variance above 0 comes of this"
    if "to" in measure.settings:
        advice += "; see the continuity correction (to='only0')"
    refuse_rows(~(np.isfinite(y) & np.isfinite(v) & (v > 0)), columns, measure.columns, advice)
