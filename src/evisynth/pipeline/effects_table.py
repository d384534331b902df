"""A table of effects (CSV), pooled without a project: effects with errors or intervals, or raw figures.

Columns are known by metafor's names and by plain ones. The measure is always asked for: a column of numbers
does not say whether it holds ratios or their logs. ``HR`` takes ``estimate`` and its limits as printed,
``log HR`` as logs; what metafor calls ``yi``, ``vi`` and ``sei`` is on the analysis scale either way.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evisynth.arithmetic import critical_z, transformation
from evisynth.effects import MEASURES as FORMULAS, effect_size
from evisynth.errors import Finding, FindingsError, InvalidDataError, UnknownNameError, UsageError
from evisynth.measures import MEASURES, EffectMeasure
from evisynth.pipeline.csv_cells import Cells, read_cells, refusal
from evisynth.synthesis import TAU_SQUARED_ESTIMATORS, PooledResult, pool
from evisynth.wording import listed

#: What metafor calls numbers that are pooled as they stand.
AS_THEY_STAND = "GEN"
#: The names of each column, the one that is shown first; the names of raw figures are those of `effect_size`.
NAMES: Mapping[str, tuple[str, ...]] = {
    "label": (
        "slab",
        "study",
        "study_label",
        "label",
        "trial",
        "author",
        "authors",
        "name",
        "study_id",
        "id",
    ),
    "y": ("yi",),
    "v": ("vi", "variance", "var"),
    "se": ("sei",),
    "estimate": ("estimate", "effect", "effect_size", "point_estimate"),
    "standard_error": ("standard_error", "se", "std_error", "stderr"),
    "ci_lower": ("ci_lower", "lower", "ci_lb", "lower_ci", "lci", "lcl", "ci_low", "lower_limit"),
    "ci_upper": ("ci_upper", "upper", "ci_ub", "upper_ci", "uci", "ucl", "ci_high", "upper_limit"),
    "p_value": ("p_value", "p", "pval"),
    "events1": ("ai", "x1i"),
    "free1": ("bi", "nonevents1"),
    "n1": ("n1i",),
    "events2": ("ci", "x2i"),
    "free2": ("di", "nonevents2"),
    "n2": ("n2i",),
    "time1": ("t1i",),
    "time2": ("t2i",),
    "mean1": ("m1i",),
    "sd1": ("sd1i",),
    "mean2": ("m2i",),
    "sd2": ("sd2i",),
    "events": ("xi",),
    "free": ("mi", "nonevents"),
    "n": ("ni",),
    "time": ("ti",),
    "r": ("ri",),
    "survival": (),
}
#: Patients that may be given as those with the event and those without.
_SUMS = {"n1": ("events1", "free1"), "n2": ("events2", "free2"), "n": ("events", "free")}
_COUNTS = (("events", "n"), ("events1", "n1", "events2", "n2"))
_LOGS = re.compile(r"log[ _-]?(?P<name>.+)", re.IGNORECASE)
_ROW = re.compile(r"^row \d+: ")


@dataclass(frozen=True, slots=True)
class EffectsTable:
    """Effects on the analysis scale with their sampling variances; ``measure`` is None for plain numbers.

    ``used`` are the columns that they rest on, ``cautions`` what a reader should know of them, ``counts`` the
    events and patients behind each.
    """

    measure: str | None
    labels: tuple[str, ...]
    y: tuple[float, ...]
    v: tuple[float, ...]
    used: tuple[str, ...]
    cautions: tuple[str, ...]
    level: float
    counts: tuple[tuple[int, ...], ...] | None = None

    def pool(self, method: str = "REML", interval: str = "hksj") -> PooledResult:
        """Pool them; ``FE``, ``EE`` and ``CE`` are metafor's names of the common-effect model."""
        method = "common" if method.upper() in ("FE", "EE", "CE") else method
        method = next((name for name in TAU_SQUARED_ESTIMATORS if name.lower() == method.lower()), method)
        return pool(
            self.y,
            self.v,
            tau_squared=method,
            interval=interval,
            level=self.level,
            labels=self.labels,
            effect_measure=self.measure,
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for: the record, the name by which formulas know it, and whether estimates are logs."""

    record: EffectMeasure | None
    name: str | None
    logs: bool = False

    @property
    def code(self) -> str:
        return "" if self.record is None else self.record.code or self.record.scale

    @property
    def scale(self) -> str:
        """The scale of pooling."""
        return "identity" if self.record is None else self.record.scale

    @property
    def plain(self) -> bool:
        """Whether estimates stand in the file as they are pooled."""
        return self.logs or self.scale == "identity"

    def names_of(self, role: str) -> tuple[str, ...]:
        """Return all names of a column; an estimate and its limits may be called by the measure itself."""
        names = (*NAMES.get(role, ()), role)
        if self.record is None or role not in ("estimate", "ci_lower", "ci_upper"):
            return names
        own = [name.casefold() for name in (self.record.code, self.record.id, self.record.symbol) if name]
        if role == "estimate":
            return (*names, *(f"log_{name}" if self.logs else name for name in own))
        return (*names, *(f"{name}_{end}" for name in own for end in (role, role[3:])))

    @property
    def forms(self) -> list[tuple[str, ...]]:
        """Return the sets of columns that give this measure, in the order in which they are looked for."""
        forms: list[tuple[str, ...]] = [("y", "v"), ("y", "se"), ("y", "ci_lower", "ci_upper")]
        forms.append(("estimate", "ci_lower", "ci_upper"))
        if self.plain:
            forms += [("estimate", "standard_error"), ("estimate", "v"), ("estimate", "se")]
        else:
            forms.append(("estimate", "se"))
        if self.code == "HR" and not self.logs:
            forms.append(("estimate", "p_value"))
        if not self.logs:
            raw = [form.columns for form in FORMULAS if form.code == self.code]
            forms += [columns for columns in raw if "hazard_ratio" not in columns]
        return forms


def read_effects(path: str | Path, measure: str | None, level: float = 0.95) -> EffectsTable:
    """Read the effects of a CSV file.

    Parameters
    ----------
    path
        Commas, semicolons or tabs between cells; UTF-8, or UTF-16 with its mark; names in the first row.
    measure
        A code of metafor (``HR``), an id (``hazard_ratio``), ``log HR`` where ``estimate`` and its limits are
        logs, or ``GEN`` for numbers that are pooled as they stand.
    level
        Of intervals in the file, and of the pooled one.

    Raises
    ------
    UsageError, UnknownNameError
        No measure, or one that nobody defined.
    FindingsError
        All mistakes of the file, each with its line, the number of its cell, and what to type.
    """
    if not 0 < level < 1:
        raise UsageError(f"a level lies between 0 and 1, not {level:g}; type --level 0.95 for 95%")
    if measure is None:
        known = ", ".join(dict.fromkeys(str(each.code or each.id) for each in MEASURES.values()))
        raise UsageError(
            "a table does not say what its numbers are; type --measure HR for hazard ratios as printed, "
            f"--measure 'log HR' for their logs, --measure GEN for plain numbers (known: {known})"
        )
    asked = _asked(measure)
    cells = read_cells(path)
    form, columns = _choose_form(asked, cells)
    labels = _labels(cells, asked)
    return _effects(asked, cells, form, columns, labels, level)


def _asked(name: str) -> _Asked:
    if name.casefold() == AS_THEY_STAND.casefold():
        return _Asked(None, None)
    known = {key.casefold(): (key, record) for key, record in MEASURES.items()}
    logs = None if name.casefold() in known else _LOGS.fullmatch(name)
    found = known.get((logs["name"] if logs else name).casefold())
    if found is None or (logs and found[1].scale != "log"):
        raise UnknownNameError("measure", name, [*MEASURES, AS_THEY_STAND])
    return _Asked(found[1], found[0], logs is not None)


def _choose_form(asked: _Asked, cells: Cells) -> tuple[tuple[str, ...], dict[str, int]]:
    """Find the columns that give the measure: the first form that is there whole."""
    places: dict[str, int] = {}
    for role in dict.fromkeys((*NAMES, *(name for form in asked.forms for name in form))):
        found = [i for i, name in enumerate(cells.names) if name in asked.names_of(role)]
        if role != "label" and len(found) > 1 and any(role in form for form in asked.forms):
            twice = listed(f"'{cells.header[i]}'" for i in found)
            raise refusal(cells, cells.line, found[1] + 1, f"{twice} mean the same", "take one of them out")
        if found:
            places[role] = found[0]
    for form in asked.forms:
        wanted = [_SUMS.get(role, (role,)) if role not in places else (role,) for role in form]
        if all(part in places for parts in wanted for part in parts):
            return form, {part: places[part] for parts in wanted for part in parts}
    takes = "; or ".join(
        ", ".join(asked.names_of(role)[0] for role in form)
        for form in asked.forms
    )  # fmt: skip
    named = "numbers as they stand" if asked.record is None else asked.record.words
    message = f"no columns from which {named} can be had among {listed(cells.header, most=None)}"
    if "standard_error" in places and "estimate" in places:
        message += "; a standard error of the log, or of whatever scale is pooled, stands in a column 'sei'"
    raise refusal(cells, cells.line, 0, message, f"name columns {takes}")


def _labels(cells: Cells, asked: _Asked) -> tuple[str, ...]:
    """Name each row by the first column of names that is there, with the year behind an author."""
    order = [name for name in NAMES["label"] if name in cells.names]
    if not order:
        return tuple(f"Line {line}" for line, _ in cells.rows)
    place = cells.names.index(order[0])
    year = cells.names.index("year") if order[0].startswith("author") and "year" in cells.names else None
    labels = []
    for line, row in cells.rows:
        parts = [row[i] for i in (place, year) if i is not None and i < len(row) and row[i]]
        labels.append(" ".join(parts) or f"Line {line}")
    return tuple(labels)


def _effects(
    asked: _Asked,
    cells: Cells,
    form: Sequence[str],
    columns: Mapping[str, int],
    labels: tuple[str, ...],
    level: float,
) -> EffectsTable:
    findings: list[Finding] = []
    cautions: list[str] = []
    y: list[float] = []
    v: list[float] = []
    counts: list[tuple[float, ...]] = []
    shown = {role: cells.header[place] for role, place in columns.items()}
    shown |= {"hazard_ratio": shown["estimate"]} if "estimate" in shown else {}
    for (line, row), label in zip(cells.rows, labels, strict=True):
        try:
            numbers = {role: cells.number(line, row, place) for role, place in columns.items()}
            for role, parts in _SUMS.items():
                if role in form and role not in numbers:
                    numbers[role] = sum(numbers[part] for part in parts)
            with warnings.catch_warnings(record=True) as heard:
                warnings.simplefilter("always")
                estimate, variance = _effect(asked, form, numbers, level)
        except FindingsError as error:
            findings += error.findings
            continue
        except InvalidDataError as error:
            message = _in_names_of_file(str(error), shown)
            first = min(columns.values()) + 1
            findings += refusal(cells, line, first, message, "mend the row, or take it out").findings
            continue
        y.append(estimate)
        v.append(variance)
        counts.append(tuple(numbers[role] for role in form))
        cautions += [f"{label}: {_in_names_of_file(str(each.message), shown)}" for each in heard]
    if findings:
        raise FindingsError(findings)
    used = tuple(cells.header[place] for place in columns.values())
    counted = tuple(form) in _COUNTS and all(number.is_integer() for row in counts for number in row)
    whole = tuple(tuple(int(number) for number in column) for column in zip(*counts, strict=True))
    return EffectsTable(
        asked.name, labels, tuple(y), tuple(v), used, tuple(cautions), level, whole if counted else None
    )


def _in_names_of_file(message: str, shown: Mapping[str, str]) -> str:
    """Say a message about one row with the names that its columns have in the file."""
    names = "|".join(sorted(map(re.escape, shown), key=len, reverse=True))
    return re.sub(rf"\b(?:{names})\b", lambda found: shown[found[0]], _ROW.sub("", message))


def _effect(
    asked: _Asked, form: Sequence[str], numbers: Mapping[str, float], level: float
) -> tuple[float, float]:
    """Work out one effect and its variance, on the analysis scale."""
    if form[0] not in ("y", "estimate"):
        settings = {"level": level} if "ci_lower" in form else {}
        y, v = effect_size(asked.code, **{role: [numbers[role]] for role in form}, **settings)
        return float(y[0]), float(v[0])
    natural = form[0] == "estimate" and not asked.plain
    if natural and asked.scale == "log" and form[1] != "se":
        # of every ratio as of a hazard ratio: the interval is that of the log
        others = {role: [numbers[role]] for role in form[1:]}
        settings = {"level": level} if "ci_lower" in form else {}
        y, v = effect_size("HR", hazard_ratio=[numbers["estimate"]], **others, **settings)
        return float(y[0]), float(v[0])
    return _given_effect(asked.scale if natural else "identity", form, numbers, level)


def _given_effect(
    scale: str, form: Sequence[str], numbers: Mapping[str, float], level: float
) -> tuple[float, float]:
    """Take an effect as given, with its variance, its standard error, or an interval: SE = (U - L) / 2z."""
    to_scale = transformation(scale).from_natural
    with np.errstate(all="ignore"):
        try:
            y, *rest = (
                float(to_scale(numbers[role])) if role == form[0] or role.startswith("ci_") else numbers[role]
                for role in form
            )
        except (ValueError, ZeroDivisionError):
            y, rest = np.nan, [np.nan]
    if not np.isfinite([y, *rest]).all():
        raise InvalidDataError(f"{form[0]} = {numbers[form[0]]:g} cannot be taken to the {scale} scale")
    if len(rest) == 1:
        if not rest[0] > 0:
            raise InvalidDataError(f"{form[1]} = {rest[0]:g}: it must be above 0")
        return y, rest[0] if form[1] == "v" else rest[0] ** 2
    lower, upper = sorted(rest) if transformation(scale).falling else rest
    if not lower < y < upper:
        raise InvalidDataError(
            f"{form[0]} = {numbers[form[0]]:g} does not lie between ci_lower = {numbers['ci_lower']:g} and "
            f"ci_upper = {numbers['ci_upper']:g}"
        )
    if max(upper - y, y - lower) > 2 * min(upper - y, y - lower):
        raise InvalidDataError(
            f"the interval ci_lower = {numbers['ci_lower']:g} to ci_upper = {numbers['ci_upper']:g} is more "
            f"than twice as long to one side of {form[0]} = {numbers[form[0]]:g} as to the other; "
            "ratios as printed need a measure of ratios, such as --measure HR"
        )
    return y, float(((upper - lower) / (2 * critical_z(level))) ** 2)
