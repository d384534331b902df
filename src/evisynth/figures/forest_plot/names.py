"""The names that the drawing of a forest plot goes by: its layouts and its columns.

Light on purpose: the command line lists them in its help without importing anything that draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from evisynth.answers import checked_name
from evisynth.errors import UsageError

NamedColumn = Literal[
    "study",
    "group",
    "arms",
    "n",
    "events",
    "printed",
    "time",
    "effect",
    "absolute",
    "weight",
    "p_value",
    "grade",
    "recovery",
    "risk_of_bias",
    "i_squared",
    "tau",
]
#: What ``arms`` is made of: one column or two for each group.
ArmColumn = Literal[
    "index_arm", "reference_arm", "index_events", "index_n", "reference_events", "reference_n"
]
DomainColumn = Literal["bias_d1", "bias_d2", "bias_d3", "bias_d4", "bias_d5", "bias_d6", "bias_d7"]
#: What ``risk_of_bias`` is made of: the domains of one tool and their sum, or the sums of two tools.
BiasColumn = DomainColumn | Literal["bias_all", "bias_all_other"]
ColumnKey = NamedColumn | ArmColumn | BiasColumn

LAYOUTS: Mapping[str, str] = {
    "default": "grade and weight beside the effect, what stands behind it below",
    "revman": "as Review Manager prints it: effect before the plot, [lower, upper], coloured squares",
    "jama": "as JAMA prints it: black on white, (lower-upper), what each side favors over the plot",
    "bmj": "as the BMJ prints it: tinted bands, weight and effect after the plot",
    "compact": "small type, one column of names: for slides and many rows",
}

#: What a user may ask for, in the order in which the columns would stand; ``plot`` is the plot itself.
COLUMNS: Mapping[str, str] = {
    "study": "id of the study, or the label given for it",
    "group": "groups compared, or the arm",
    "arms": "events and patients of each group, as the layout sets them",
    "n": "patients",
    "events": "events, where they are known",
    "printed": "the figures it rests on, as printed",
    "time": "the time it holds for",
    "effect": "estimate with its interval",
    "absolute": "patients of 1,000 without the event, at the baseline of the question",
    "weight": "share of the pooled estimate",
    "p_value": "p of no effect, from the estimate and its standard error",
    "grade": "how closely the effect was recovered (A to D, X)",
    "recovery": "how the effect was derived",
    "risk_of_bias": "risk of bias as study files judge it, a disc a domain",
    "i_squared": "I squared so far, in cumulative and leave-one-out plots",
    "tau": "tau so far, in cumulative and leave-one-out plots",
    "plot": "where the plot stands among the columns",
}

_OTHER_SPELLINGS = {
    "as_printed": "printed",
    "groups": "group",
    "p": "p_value",
    "rob": "risk_of_bias",
    "common": "common_effect",
    "random": "random_effects",
}


def read_names(kind: str, names: str | Sequence[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Read names given as a list or separated by commas; each may stand once.

    Raises
    ------
    UnknownNameError
        Listing the known names, when nothing near is known.
    UsageError
        No name at all, or one named twice.
    """
    if not isinstance(names, Iterable):
        raise UsageError(f"{kind}s are given as a list of names, not as {names!r}; known: {', '.join(known)}")
    parts = names.split(",") if isinstance(names, str) else [str(name) for name in names]
    read = [_checked_spelling(kind, part, known) for part in parts if part.strip()]
    if not read:
        raise UsageError(f"no {kind} is named; known: {', '.join(known)}")
    for name in read:
        if read.count(name) > 1:
            raise UsageError(f"{kind} '{name}' is named twice; name it once")
    return tuple(read)


def _checked_spelling(kind: str, part: str, known: Mapping[str, str]) -> str:
    spelled = part.strip().casefold().replace("-", "_").replace(" ", "_")
    meant = _OTHER_SPELLINGS.get(spelled, part)
    return checked_name(kind, meant if meant in known else part, known)


COLUMN_KEYS: tuple[ColumnKey, ...] = get_args(NamedColumn)
