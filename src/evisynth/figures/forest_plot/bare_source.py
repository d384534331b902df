"""The forest plot of a bare pooled result: a point for every effect, with the counts that its user adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import Any

from evisynth.answers import AnswerRow, Summary
from evisynth.effects import Effect
from evisynth.errors import InvalidDataError
from evisynth.figures.forest_plot.options import ForestOptions
from evisynth.figures.forest_plot.source import NO_CHOICE, ForestSource, SourceBlock, models_of
from evisynth.figures.forest_plot.subgroup_difference import Difference
from evisynth.figures.given_texts import is_missing
from evisynth.figures.measures import measure_display
from evisynth.measures import EffectMeasure, Scale
from evisynth.synthesis import PooledResult

#: What a user may give to show the counts behind effects: events and patients, of one arm or of both.
Counts = Sequence[Sequence[int]]


def source_of_result(
    result: PooledResult,
    labels: Iterable[object] | None,
    options: ForestOptions = NO_CHOICE,
    counts: Counts | None = None,
) -> ForestSource:
    """Make rows of a bare pooled result: a point for every effect, labelled as the result says.

    Raises
    ------
    InvalidDataError
        Labels or counts that do not fit the effects.
    """
    names = _names(result, labels)
    measure = measure_display(result.effect_measure)
    counted = [{} for _ in names] if counts is None else read_counts(counts, len(result.y))
    rows = tuple(_bare_row(result, i, name, measure, counted[i]) for i, name in enumerate(names))
    summary = _summary("", result, rows)
    blocks: tuple[SourceBlock, ...] = (SourceBlock("", rows),)
    places: tuple[int, ...] = ()
    difference: Difference | str | None = None
    if options.groups is not None:
        blocks, difference = _grouped(result, rows, options, measure)
        groups = options.groups
        places = tuple(i for name in dict.fromkeys(groups) for i, group in enumerate(groups) if group == name)
    return ForestSource(
        title="",
        measure=measure,
        level=result.level,
        blocks=blocks,
        overall=summary,
        contrast=any("reference_size" in row for row in counted),
        models=models_of(summary, options, measure),
        difference=difference,
        places=places,
    )


def _names(result: PooledResult, labels: Iterable[object] | None) -> list[str]:
    """Name every effect: as the user says, else as the result does, else by its number."""
    own = result.labels or tuple(f"Study {number}" for number in range(1, len(result.y) + 1))
    if isinstance(labels, str):
        raise InvalidDataError(f"labels are a list with one name for each effect, not {labels!r}")
    given = list(own if labels is None else labels)
    if len(given) != len(own):
        raise InvalidDataError(f"{len(given)} labels for {len(own)} effects; give one label for each")
    return [str(known if is_missing(label) else label) for label, known in zip(given, own, strict=True)]


def _grouped(
    result: PooledResult, rows: Sequence[AnswerRow], options: ForestOptions, measure: EffectMeasure
) -> tuple[tuple[SourceBlock, ...], Difference | str | None]:
    """Put the rows of a bare result into the blocks that the user names, each pooled by itself."""
    from evisynth.synthesis import pool_subgroups

    groups = options.groups or ()
    if result.method == "bayesian":
        raise InvalidDataError(
            "subgroups are compared by common-effect or random-effects models; draw what evisynth.pool gave"
        )
    found = pool_subgroups(result.y, result.v, groups, tau_squared=result.method, interval=result.interval,
                           level=result.level)  # fmt: skip
    blocks = []
    for group, pooled in zip(found.groups, found.results, strict=True):
        members = tuple(row for row, name in zip(rows, groups, strict=True) if name == group)
        summary = _summary(str(group), pooled, members)
        if len(members) == 1:  # its diamond would only repeat the row above it
            summary = Summary(str(group), None, "one row; there is nothing to pool", 1, 0, None, False)
        blocks.append(SourceBlock(str(group), members, summary, models_of(summary, options, measure)))
    return tuple(blocks), Difference(found.q_between, found.df, found.p_value)


def _summary(label: str, pooled: PooledResult, rows: Sequence[AnswerRow]) -> Summary:
    people = [row.effect.participants for row in rows if row.effect.participants is not None]
    total = sum(people) if people and len(people) == len(rows) else None
    return Summary(label, pooled, None, len(rows), 0, total, exploratory=False)


def _bare_row(
    result: PooledResult, i: int, name: str, measure: EffectMeasure, counted: Mapping[str, int | str]
) -> AnswerRow:
    numbers = (float(result.y[i]), None, None)
    effect = bare_effect(name, measure, numbers, standard_error=float(result.v[i]) ** 0.5)
    effect = replace(effect, **counted)  # type: ignore[arg-type]
    return AnswerRow(effect, (), True, None, float(result.weights[i]), "", None)


_COUNTS_ARE = "counts are (events, n) of single arms or (events1, n1, events2, n2) of two groups"


def read_counts(counts: Counts, row_count: int) -> list[dict[str, int | str]]:
    """Read columns of events and patients, of one arm or of two, as what each effect counts.

    Raises
    ------
    InvalidDataError
        Neither two nor four columns, columns of other lengths than the effects, or what is no count.
    """
    given: Any = counts
    if not isinstance(given, Iterable) or isinstance(given, str) or hasattr(given, "items"):
        raise InvalidDataError(f"{_COUNTS_ARE}, not a {type(given).__name__}; give the columns themselves")
    columns = [list(column) if isinstance(column, Iterable) else [column] for column in given]
    if len(columns) not in (2, 4):
        raise InvalidDataError(f"{_COUNTS_ARE}, not {len(columns)} columns")
    lengths = {len(column) for column in columns}
    if lengths != {row_count}:
        raise InvalidDataError(
            f"counts have {' and '.join(map(str, sorted(lengths)))} rows for {row_count} effects; "
            "give one number for each"
        )
    found = []
    for number, row in enumerate(zip(*columns, strict=True), start=1):
        if not all(_is_count(value) for value in row) or any(
            events > n for events, n in zip(row[::2], row[1::2], strict=True)
        ):
            raise InvalidDataError(
                f"counts of effect {number} are {', '.join(map(str, row))}; events and patients are whole "
                "numbers, and no more events than patients"
            )
        found.append(_counted([int(value) for value in row]))
    return found


def _is_count(value: Any) -> bool:
    """Whether a value is a whole number of 0 or more; tables with gaps keep theirs as 4.0."""
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    return is_number and bool(value >= 0 and value % 1 == 0)


def _counted(row: Sequence[int]) -> dict[str, int | str]:
    events, size = row[:2]
    if len(row) == 2:
        return {"events": events, "index_size": size, "participants": size}
    return {
        "events": events + row[2],
        "index_events": events,
        "index_size": size,
        "reference_group": "",  # there is one, though nobody named it: its size stands beside the other
        "reference_size": row[3],
        "participants": size + row[3],
    }


def bare_effect(
    name: str,
    measure: EffectMeasure,
    numbers: tuple[float, float | None, float | None],
    standard_error: float | None = None,
) -> Effect:
    """Make an effect of an estimate with its limits (None: of its standard error), without a history."""
    scale: Scale = "log" if measure.scale == "log" else "identity"
    estimate, lower, upper = numbers
    return Effect(
        study=name,
        comparison="",
        index_group="",
        reference_group=None,
        row_group="",
        effect_measure="",
        scale=scale,
        recovery="given",
        kind="point",
        grade="A",
        estimate=estimate,
        standard_error=standard_error,
        ci_lower=lower,
        ci_upper=upper,
        primary=True,
    )
