"""The figures that an effect rests on, as printed and short: ``79%, n 80 vs 39%, n 37``."""

from __future__ import annotations

from evisynth.effects import Effect, Input

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
