"""How the patients of a comparison may be divided between its arms, when the source leaves it open."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.effects.effect import Input
from evisynth.effects.grounds import Grounds, assuming, size_input
from evisynth.effects.subject import Subject


@dataclass(frozen=True, slots=True)
class Splits:
    """Every admissible (index, reference) pair of sizes, and what they rest on."""

    pairs: tuple[tuple[float, float], ...]
    grounds: Grounds


def admissible_splits(subject: Subject) -> Splits | None:
    """Return the splits that the print allows; with the whole alone the even one, the weakest for a bound."""
    comparison = subject.comparison
    if comparison.reference is None:
        return None
    index = tuple(n for n in comparison.index.size.candidates if n > 0)
    reference = tuple(n for n in comparison.reference.size.candidates if n > 0)
    whole = max(comparison.whole_size.candidates, default=0) if comparison.whole_size is not None else 0
    inputs = Grounds(
        inputs=tuple(
            size_input(arm) for arm in (comparison.index, comparison.reference) if arm.size.candidates
        )
    )
    if comparison.whole_size is not None and whole and not (index and reference):
        size = comparison.whole_size
        together = Input(
            "patients, both groups together", size.as_reported, size.source_location, size.file_location
        )
        inputs += Grounds(inputs=(together,))
    pairs = _pairs(index, reference, whole)
    if not pairs:
        return None
    return Splits(pairs, inputs + _told(pairs))


def _pairs(index: tuple[int, ...], reference: tuple[int, ...], whole: int) -> tuple[tuple[float, float], ...]:
    if index and reference:
        everything = [(float(r1), float(r0)) for r1 in index for r0 in reference]
        # Sizes that mirror each other in the whole are read off one split: they move together.
        mirrored = {whole - r0 for r0 in reference} == set(index)
        inside = [pair for pair in everything if _fits(sum(pair), whole, exhausts=mirrored)]
        return tuple(inside or everything)
    if not whole:
        return ()
    if index:
        return tuple((float(r1), float(whole - r1)) for r1 in index if r1 < whole)
    if reference:
        return tuple((float(whole - r0), float(r0)) for r0 in reference if r0 < whole)
    return ((whole / 2, whole / 2),)


def _fits(total: float, whole: int, *, exhausts: bool) -> bool:
    if not whole:
        return True
    return total == whole if exhausts else total <= whole


def _told(pairs: tuple[tuple[float, float], ...]) -> Grounds:
    if len(pairs) == 1:
        r1, r0 = pairs[0]
        return assuming(f"the groups have {r1:g} and {r0:g} patients")
    sizes = sorted({r1 for r1, _ in pairs})
    return assuming(f"the index group has {sizes[0]:g} to {sizes[-1]:g} patients; the weakest split is taken")
