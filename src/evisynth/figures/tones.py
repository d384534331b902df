"""The tones of all plots: few, and of different lightness, so that they are told apart in black and white."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Tone = Literal["ink", "mark", "accent", "muted", "rule", "pale", "mist", "band", "deep band", "white"]

#: Blue and orange are told apart by people with any common colour-blindness (Okabe & Ito 2008, Color
#: Universal Design); here the blue is dark and the orange light, so that a copier tells them apart too.
TONES: Mapping[Tone, str] = {
    "ink": "#111111",
    "mark": "#1d3a5f",
    "accent": "#d98200",
    "muted": "#5a5a5a",
    "rule": "#8c8c8c",
    "pale": "#d4d4d4",
    "mist": "#f4f6f9",
    "band": "#e4eaf2",
    "deep band": "#b3c3d9",
    "white": "#ffffff",
}
_LIGHT, _DARK = (0xE4, 0xEA, 0xF2), (0x1D, 0x3A, 0x5F)


def shade(share: float) -> str:
    """Return a colour between the palest (share 0) and the darkest (1) of the marks' blue."""
    share = min(max(share, 0.0), 1.0)
    mixed = (round(a + share * (b - a)) for a, b in zip(_LIGHT, _DARK, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)
