"""The columns of a forest plot and the texts of its rows, with the figures that an effect rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from evisynth.answers import AnswerRow, absolute_effect, own_interval
from evisynth.arithmetic import two_sided_p_from_z
from evisynth.effects import Effect, Input
from evisynth.errors import UsageError
from evisynth.figures.forest_plot.arms import ARM_COLUMNS, NOTHING, arm_cells, arm_counts
from evisynth.figures.forest_plot.bias import BIAS_KEYS, bias_cells, bias_columns, bias_words
from evisynth.figures.forest_plot.layout import Column
from evisynth.figures.forest_plot.names import ColumnKey
from evisynth.figures.forest_plot.options import ChosenColumns, ForestOptions
from evisynth.figures.forest_plot.source import ForestSource, known_size
from evisynth.figures.number_text import size_text
from evisynth.wording import HARD_SPACE, percent_text, term_words, time_words, weight_text

#: More figures of one group than this are counted, not listed.
MOST_OF_A_GROUP = 4


def printed_inputs(effect: Effect) -> str:
    """Write the inputs of an effect group by group, the index group first; empty when it has none.

    The name of an input is what it is, then the group it speaks of: ``survival at 10 years, M1LR``.
    """
    by_group: dict[str, list[str]] = {}
    for given in effect.inputs:
        what, _, group = given.name.rpartition(", ")
        text = _with_letter(what or group, given)
        texts = by_group.setdefault(group if what else "", [])
        if text and text not in texts:
            texts.append(text)
    reference = effect.reference_group
    arms = [
        by_group.pop(arm) for arm in (effect.index_group, reference) if arm is not None and arm in by_group
    ]
    parts = [" vs ".join(_listed(texts) for texts in arms), *(_listed(texts) for texts in by_group.values())]
    return "; ".join(part for part in parts if part)


def _with_letter(what: str, given: Input) -> str:
    text = given.as_reported.strip()
    if not text:
        return ""
    if what.startswith("patients"):
        return f"n {text}"
    if what.startswith("p value"):
        return f"p {text}" if text[0] in "<>=≤≥" else f"p = {text}"
    return text


def _listed(texts: list[str]) -> str:
    more = len(texts) - MOST_OF_A_GROUP
    shown = ", ".join(texts[:MOST_OF_A_GROUP])
    return f"{shown}, {more} more" if more > 0 else shown


#: Contrasts that hold at one time; the row says which.
LANDMARK_CONTRASTS = frozenset({"landmark_contrast", "landmark_risk_contrast"})

_ALIGN: dict[ColumnKey, Literal["left", "right", "center"]] = {
    "study": "left",
    "group": "left",
    "printed": "left",
    "recovery": "left",
    "time": "left",
    "grade": "center",
}


@dataclass(frozen=True, slots=True)
class CellWriter:
    """Writes the cells of rows, in the words of one source and one layout."""

    source: ForestSource
    options: ForestOptions
    keys: tuple[ColumnKey, ...]

    @property
    def counts_events(self) -> bool:
        """Whether single arms show events of patients in the column of sizes."""
        return counts_events(self.source) and "events" not in self.keys

    def cells(self, row: AnswerRow) -> dict[ColumnKey, str]:
        """Return the text of every column but that of the effect."""
        effect = row.effect
        groups = self._groups(row)
        study = self.source.name_of(effect.study)
        if self.options.style.groups_in_study and "group" not in self.keys:
            study = ": ".join(part for part in (study, groups) if part.strip())
        return {
            "study": study,
            "group": groups,
            "n": self._size(row),
            "events": self._events(row),
            **arm_cells(arm_counts(effect)),
            "printed": printed_inputs(effect) or NOTHING,
            "time": NOTHING if effect.time_months is None else time_words(effect.time_months),
            "absolute": self._absolute(row),
            "weight": NOTHING if row.weight is None else self.weight(row.weight),
            "p_value": self._p_value(row),
            "grade": effect.grade,
            "recovery": term_words(effect.recovery),
            "i_squared": NOTHING,
            "tau": NOTHING,
            **(bias_cells(row, self.source.bias_tools) if self.shows_bias else {}),
        }

    @property
    def shows_bias(self) -> bool:
        """Whether discs of risk of bias stand beside the plot."""
        return not BIAS_KEYS.isdisjoint(self.keys)

    def bias_words(self, row: AnswerRow) -> str:
        """Say the overall risk of bias of a row, where its discs are shown."""
        return bias_words(row, self.source.bias_tools) if self.shows_bias else ""

    def weight(self, weight: float) -> str:
        """Write a share of the weight, without its sign where the heading has it."""
        text = weight_text(weight)
        return text if self.options.style.percent_of_weight else text.removesuffix("%")

    def absolute(self, estimate: float | None, lower: float | None, upper: float | None) -> str:
        """Write how many of 1,000 are without the event, with the limits; a dash without a baseline."""
        baseline = self.source.baseline
        if baseline is None or estimate is None or lower is None or upper is None:
            return NOTHING
        found = absolute_effect(baseline, estimate, lower, upper)
        middle, low, high = (
            f"{1000 * share:.0f}" for share in (found.survival, found.survival_lower, found.survival_upper)
        )
        return f"{middle} {self.options.style.interval.enclose(low, high)}"

    def _groups(self, row: AnswerRow) -> str:
        effect = row.effect
        groups = " vs ".join(x for x in (row.index_label, row.reference_label or "") if x.strip())
        if effect.kind == "refused" or effect.time_months is None or "time" in self.keys:
            return groups
        when = f"at {time_words(effect.time_months)}" if effect.recovery in LANDMARK_CONTRASTS else ""
        return ", ".join(part for part in (groups, when) if part)

    def _size(self, row: AnswerRow) -> str:
        effect = row.effect
        if not self.counts_events:
            return size_text(effect.sizes)
        (size,) = effect.sizes
        return NOTHING if size is None else f"{size_text((effect.events,))}/{size}"

    def _events(self, row: AnswerRow) -> str:
        effect = row.effect
        if self.source.counts_arms:
            return size_text([count.events for count in arm_counts(effect)])
        return NOTHING if effect.events is None else str(effect.events)

    def _absolute(self, row: AnswerRow) -> str:
        if row.effect.kind != "point":
            return NOTHING
        return self.absolute(row.effect.estimate, *own_interval(row.effect, self.source.level))

    def _p_value(self, row: AnswerRow) -> str:
        """Write p of no effect by the normal distribution; single arms have none."""
        effect = row.effect
        if self.source.measure.null is None or effect.estimate is None or not effect.standard_error:
            return NOTHING
        p = two_sided_p_from_z(effect.estimate / effect.standard_error)
        return self.options.style.voice.p_number(p) if math.isfinite(p) else NOTHING


def counts_events(source: ForestSource) -> bool:
    """Whether single arms are shown as events of patients."""
    return not source.contrast and any(row.effect.events is not None for row in source.rows)


def choose_columns(source: ForestSource, options: ForestOptions) -> tuple[Column, ...]:
    """Choose the columns: those that the user names, else those of the layout that would not be empty."""
    style, chosen = options.style, options.columns
    _check_shown(source, chosen)
    if chosen is None:
        filled = _filled(source)
        before = [key for key in style.before if key in filled and not (key == "n" and "arms" in filled)]
        after = [key for key in style.after if key in filled]
    elif chosen.after is None:
        # Without a word about the plot, each column stands on the side on which the layout has it.
        before = [key for key in chosen.before if key in style.before or _named_first(key)]
        after = [key for key in chosen.before if key not in before]
        if not before:
            before, after = after[:1], after[1:]
    else:
        before, after = list(chosen.before), list(chosen.after)
    if before[:1] == ["risk_of_bias"]:
        raise UsageError(
            "column 'risk_of_bias' cannot come first: name at least one column before it, such as 'study'"
        )
    writer = _ColumnWriter(source, options, (*before, *after))
    return (*writer.columns(before, "before"), *writer.columns(after, "after"))


@dataclass(frozen=True, slots=True)
class _ColumnWriter:
    """Makes columns of keys; ``arms`` and ``risk_of_bias`` become several."""

    source: ForestSource
    options: ForestOptions
    keys: tuple[ColumnKey, ...]

    def columns(self, keys: Sequence[ColumnKey], place: Literal["before", "after"]) -> Iterator[Column]:
        for key in keys:
            if key == "arms":
                yield from self._arms(place)
            elif key == "risk_of_bias":
                yield from bias_columns(self.source.bias_tools, place)
            else:
                yield Column(key, heading(key, self.keys, self.source, self.options), _align(key), place)

    def _arms(self, place: Literal["before", "after"]) -> Iterator[Column]:
        style = self.options.style
        keys, arms = ARM_COLUMNS[style.arms], self.source.arms
        if style.arms == "together":
            counted = style.headings.get("n_events", "Events/n").replace("/ ", "/")
            for key, arm in zip(keys, arms, strict=True):
                yield Column(key, arm, "right", place, counted)
            return
        for key, what, arm in zip(
            keys, ("Events", "Total") * 2, (arms[0], arms[0], arms[1], arms[1]), strict=True
        ):
            yield Column(key, what, "right", place, arm)


def _check_shown(source: ForestSource, chosen: ChosenColumns | None) -> None:
    """Refuse columns that a user names and that would be empty from top to bottom."""
    named = () if chosen is None else (*chosen.before, *(chosen.after or ()))
    if "arms" in named and not source.counts_arms:
        raise UsageError("column 'arms' has nothing to show: no row counts the events of both groups; use n")
    if "absolute" in named and source.baseline is None:
        raise UsageError(
            "column 'absolute' has nothing to show: the question has no baseline; add baseline: to it"
        )
    if "risk_of_bias" in named and not source.bias_tools:
        raise UsageError(f"column 'risk_of_bias' has nothing to show: {_why_no_bias(source)}")


def _why_no_bias(source: ForestSource) -> str:
    if source.sequence:
        return "each row is a pooled estimate, and only studies are judged; leave it out"
    if not source.contrast:
        return "the tools judge comparisons, and these rows are no comparisons of two groups; leave it out"
    return (
        "no study file judges what these rows compare; "
        "add risk_of_bias: with - {tool: ROBINS-I, overall: serious} below it to one"
    )


def _align(key: ColumnKey) -> Literal["left", "right", "center"]:
    return _ALIGN.get(key, "right")


def _named_first(key: ColumnKey) -> bool:
    """Whether a column that no layout has of itself says what a row is, and so stands before the plot."""
    return key in ("study", "group", "arms", "n", "events", "printed", "time")


def _filled(source: ForestSource) -> set[ColumnKey]:
    rows = source.rows
    labelled = any(row.index_label or row.reference_label for row in rows)
    found: dict[ColumnKey, bool] = {
        "study": True,
        "effect": True,
        "group": labelled,
        "n": any(known_size(row) for row in rows),
        "arms": source.counts_arms,
        "weight": any(row.weight is not None for row in rows),
        "grade": labelled,
        "absolute": source.baseline is not None,
        "risk_of_bias": bool(source.bias_tools),
        "i_squared": source.sequence,
    }
    return {key for key, is_filled in found.items() if is_filled}


def heading(key: ColumnKey, keys: Sequence[ColumnKey], source: ForestSource, options: ForestOptions) -> str:
    """Return the heading of a column; where it wraps, it wraps at plain spaces only."""
    headings = options.style.headings
    if key == "n":
        counted = counts_events(source) and "events" not in keys
        return headings.get("n_events", "Events/n") if counted else headings.get("n", "n")
    if key == "effect":
        return effect_heading(source, options)
    if key == "absolute" and source.baseline is not None:
        when = time_words(source.baseline.time_months).replace(" ", HARD_SPACE)
        return f"Event-free at {when}, of{HARD_SPACE}1,000"
    plain: dict[ColumnKey, str] = {
        "study": "Study",
        "group": "Groups compared" if source.contrast else "Group",
        "events": "Events",
        "printed": "As printed",
        "time": "Time",
        "absolute": f"Event-free, of{HARD_SPACE}1,000",
        "weight": "Weight",
        "p_value": options.style.voice.p,
        "grade": "Grade",
        "recovery": "Recovery",
        "i_squared": "I²",
        "tau": "τ",
    }
    return headings.get(key, plain.get(key, key))


def effect_heading(source: ForestSource, options: ForestOptions) -> str:
    """Name the effect and its interval; where the heading wraps, it wraps between the two."""
    name = f"{source.measure.heading}"
    if len(name) <= 22:
        name = name.replace(" ", HARD_SPACE)
    interval = f"{percent_text(source.level)}{HARD_SPACE}CI"
    if not options.style.names_model:
        return f"{name} ({interval})"
    methods = {result.method for result in source.pooled_results}
    if not methods or "bayesian" in methods or len(methods) > 1:
        return f"{name} {interval}"
    how, model = _REVMAN_MODELS.get(methods.pop(), ("IV", "Random"))
    return f"{name} {how},{HARD_SPACE}{model},{HARD_SPACE}{interval}"


#: Weights and model as RevMan names them, by method; all others are inverse variance and random effects.
_REVMAN_MODELS = {
    "common": ("IV", "Common"),
    "stratified": ("IV", "Common"),
    "mantel-haenszel": ("M-H", "Common"),
    "peto": ("Peto", "Common"),
    "binomial-normal": ("GLMM", "Random"),
}
