"""SVG documents cut down to what stands inside a page: no prolog, no metadata, ids that cannot clash."""

from __future__ import annotations

import re

from evisynth.errors import InvalidDataError

_TAG = re.compile(r"<[A-Za-z][^>]*>")
_ID = re.compile(r'(\s(?:id|aria-labelledby|aria-describedby)=")([^"]+)(")')
_LINK = re.compile(r'(\s(?:xlink:)?href="#)([^"]+")')
_URL = re.compile(r"(url\(#)([^)]+\))")
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


def inline_svg(document: str, prefix: str) -> str:
    """Cut an SVG document down to what stands inside a page, every id of it led by ``prefix``.

    Raises
    ------
    InvalidDataError
        When the text holds no SVG, or a script.
    """
    start = document.find("<svg")
    end = document.rfind("</svg>")
    if start < 0 or end < 0:
        raise InvalidDataError(f"{prefix}: the figure is no SVG document; draw it again")
    body = _METADATA.sub("", document[start : end + len("</svg>")])
    if "<script" in body:
        raise InvalidDataError(
            f"{prefix}: the figure holds a script; figures of the report are still pictures"
        )
    return _TAG.sub(lambda tag: _prefixed(tag[0], prefix), body)


def _prefixed(tag: str, prefix: str) -> str:
    if "#" not in tag and 'id="' not in tag and "aria-" not in tag:
        return tag  # most tags of a plot: asked first, since there are thousands
    tag = _ID.sub(lambda found: found[1] + _prefixed_names(found[2], prefix) + found[3], tag)
    tag = _LINK.sub(rf"\g<1>{prefix}-\g<2>", tag)
    return _URL.sub(rf"\g<1>{prefix}-\g<2>", tag)


def _prefixed_names(names: str, prefix: str) -> str:
    return " ".join(f"{prefix}-{name}" for name in names.split())
