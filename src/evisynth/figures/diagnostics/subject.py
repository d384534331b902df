"""The subject of a diagnostic chart: a pooled result, the names of its rows, the display of its measure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evisynth.answers import Answer, is_pooled_again
from evisynth.errors import InvalidDataError
from evisynth.figures.chart.effect_axis import EffectAxis
from evisynth.figures.forest_plot.words import model_text
from evisynth.figures.given_texts import is_missing
from evisynth.figures.measures import measure_display
from evisynth.figures.number_text import decimals_for, natural_interval, spelled_interval
from evisynth.measures import EffectMeasure
from evisynth.synthesis import FEWEST_ROWS, PooledResult
from evisynth.wording import HARD_SPACE, counted, type_words

#: Beyond so many rows their labels are left out unless they are asked for.
MOST_LABELS = 20
#: Of so many rows, the most remarkable ones, a chart writes the labels when there are too many for all.
MOST_REMARKABLE = 8
#: A row is remarkable from this share of the most remarkable one's rank.
_REMARKABLE = 0.05
_LONGEST_LABEL = 48

Array = NDArray[np.float64]
Labels = Sequence[str] | bool | None
Diagnosed = PooledResult | Answer


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A pooled result, the names of its rows, whether they are written, and how its measure is shown.

    ``labelled`` is None when that depends on how many rows there are.
    """

    result: PooledResult
    display: EffectMeasure
    names: tuple[str, ...]
    labelled: bool | None
    heading: str
    exploratory: bool = False

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self.names)

    @property
    def standard_errors(self) -> Array:
        """The standard error of each row, on the analysis scale."""
        return np.sqrt(self.result.v)

    def point_labels(self, remarkable: Array | None = None) -> tuple[str, ...]:
        """Return what is written at each point: all names, none, or those of the most remarkable rows.

        Unless it was said which, rows are named as far as they are ``remarkable`` beside the first of them,
        or all of them where no ranks are given and they are few.
        """
        if self.labelled is not None:
            return self.names if self.labelled else ()
        if remarkable is None:
            return self.names if self.row_count <= MOST_LABELS else ()
        ranked = np.argsort(-remarkable, kind="stable")[:MOST_REMARKABLE]
        chosen = {int(i) for i in ranked if remarkable[i] >= _REMARKABLE * remarkable[ranked[0]]}
        return tuple(name if i in chosen else "" for i, name in enumerate(self.names))

    def title(self, kind: str) -> str:
        """Say what is shown: the question, else the measure and the number of rows."""
        return f"{kind}: {self.heading}"

    @property
    def subtitle(self) -> str:
        """What must be known before the chart is read: that its estimate is exploratory."""
        return "Exploratory" if self.exploratory else ""

    @property
    def pooled_words(self) -> str:
        """The pooled estimate with its interval, as people read it."""
        result = self.result
        return self.interval_words(result.estimate, result.ci_lower, result.ci_upper)

    def interval_words(self, estimate: float, lower: float, upper: float) -> str:
        """Write an estimate with its limits, given on the analysis scale."""
        natural = natural_interval(self.display.scale, estimate, lower, upper)
        decimals = decimals_for(self.display, [natural])
        return spelled_interval(natural, self.display, decimals)


def read_subject(subject: Diagnosed, chart: str, labels: Labels = None) -> Subject:
    """Take a pooled result, or that of an answer, apart into what charts need.

    Parameters
    ----------
    subject
        What ``pool`` hands back, or an answer that has an estimate.
    chart
        How errors name the chart.
    labels
        One name for each row; True or False to write the names that come with the result, or none; None
        writes them when there are not too many.

    Raises
    ------
    InvalidDataError
        Nothing was pooled, or the labels do not fit the rows.
    """
    if isinstance(subject, Answer):
        return _subject_of_answer(subject, chart, labels)
    if not isinstance(subject, PooledResult):
        raise InvalidDataError(
            f"{chart} shows a PooledResult or an Answer, not {type_words(subject)}; pool first"
        )
    _check_effects(subject, chart)
    display = measure_display(subject.effect_measure)
    return Subject(
        subject,
        display,
        row_names(labels, subject.labels, len(subject.y)),
        labels if isinstance(labels, bool) else None if labels is None else True,
        f"{display.words}, {rows_text(len(subject.y))}",
    )


def _subject_of_answer(answer: Answer, chart: str, labels: Labels) -> Subject:
    result = answer.overall.pooled
    if result is None:
        raise InvalidDataError(
            f"{chart} shows a pooled estimate, and there is none: {answer.overall.refused or 'no rows'}"
        )
    _check_effects(result, chart)
    question = answer.question
    return Subject(
        result,
        measure_display(question.effect_measure, answer.scale, question.time_months),
        row_names(labels, result.labels, len(result.y)),
        labels if isinstance(labels, bool) else None if labels is None else True,
        question.title,
        answer.overall.exploratory,
    )


def _check_effects(result: PooledResult, chart: str) -> None:
    """Refuse rows that were pooled by their counts: some have no effect with a standard error to show."""
    if result.of_counts:
        raise InvalidDataError(
            f"{chart} shows effects with standard errors, and these rows are pooled by their counts "
            f"({result.method}); name a model of effects in the question, such as model: random effects"
        )


def row_names(labels: Labels, own: Sequence[str] | None, row_count: int) -> tuple[str, ...]:
    """Return one name for each row, none of them so long that it would fill the chart."""
    given = own if labels is None or isinstance(labels, bool) else labels
    if given is not None and (isinstance(given, str) or not isinstance(given, Iterable)):
        raise InvalidDataError(f"labels are a list with one name for each row, not {given!r}")
    known = [f"Study {number}" for number in range(1, row_count + 1)] if own is None else list(own)
    names = known if given is None else list(given)
    if len(names) != row_count:
        raise InvalidDataError(f"{len(names)} labels for {row_count} rows; give one label for each")
    named = (other if is_missing(name) else name for name, other in zip(names, known, strict=True))
    return tuple(_shortened(" ".join(str(name).split(" "))) for name in named)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_LABEL else f"{name[: _LONGEST_LABEL - 1].rstrip()}…"


def rows_text(row_count: int) -> str:
    """Say how many rows there are."""
    return counted(row_count, "row")


_LARGEST, _SMALLEST = 17.0, 2.5


def diameters_of(sizes: Array) -> list[float]:
    """Return diameters whose squares are as the sizes are; the largest shrinks where there are many points.

    None is so small that it could not be seen.
    """
    largest = _LARGEST if len(sizes) <= 30 else max(_LARGEST * math.sqrt(30 / len(sizes)), 6.0)
    most = float(sizes.max())
    return [max(largest * math.sqrt(max(size, 0.0) / most), _SMALLEST) for size in sizes.tolist()]


def model_note(subject: Subject) -> str:
    """Name the model of the pooled estimate and say the estimate."""
    result = subject.result
    if result.method == "bayesian":
        model = "Bayesian random-effects model: posterior median with shortest interval."
    elif is_pooled_again(result):
        model = model_text(result)
    else:
        model = f"Method: {result.method}."
    return f"Pooled estimate {subject.pooled_words}. {model}".replace(
        "q* ≥ 1", f"q*{HARD_SPACE}≥{HARD_SPACE}1"
    )


def asymmetry_note(row_count: int) -> str:
    """Say what asymmetry may mean, or that so few rows cannot show any."""
    if row_count < FEWEST_ROWS:
        return (
            f"With fewer than {FEWEST_ROWS} rows, asymmetry can hardly be told from chance; "
            "no test of it is shown."
        )
    return "Small studies may differ for reasons other than missing publications."


def beyond_note(effects: Iterable[float], x: EffectAxis) -> str:
    """Say how many rows an axis cannot show; empty when it shows them all."""
    beyond = sum(not x.lower - 1e-9 <= effect <= x.upper + 1e-9 for effect in effects)
    return f"{rows_text(beyond)} beyond the axis." if beyond else ""
