"""The page of keys, in Markdown: for each model a table of its keys, what they hold, and an example."""

from __future__ import annotations

from collections.abc import Iterator

from evisynth.reading.blocks import Block, ModelKey

_HEAD = "| key | holds | example |\n|---|---|---|\n"
#: How the place of a block is written below its key: one, an entry of a list, or under a name.
_BELOW = {"one": "", "list": "[]", "names": ".ID"}


def reference_section(title: str, model: type[Block]) -> str:
    """Return the section of a kind of file: its keys, then those of every block in it.

    Parameters
    ----------
    title
        Of the section.
    model
        Of the file; the models of its blocks are found in its fields.
    """
    tables = "\n".join(_tables(model, "", set()))
    return f"## {title}\n\n{tables}"


def _tables(model: type[Block], path: str, met: set[type[Block]]) -> Iterator[str]:
    keys = model.known_keys()
    heading = f"### `{path}`\n\n" if path else ""
    said = f"{(model.__doc__ or '').strip().splitlines()[0]}\n\n"
    yield heading + said + _HEAD + "".join(_row(key, known) for key, known in keys.items())
    met.add(model)
    for key, known in keys.items():
        if known.block is not None and known.block not in met:
            below = f"{path}.{key}" if path else key
            yield from _tables(known.block, below + _BELOW[known.of], met)


def _row(key: str, known: ModelKey) -> str:
    holds = known.description + (" Must be there." if known.required else "")
    if known.words:
        holds += f" One of: {', '.join(known.words)}."
    example = f"`{known.example}`" if known.example else ""
    return f"| `{key}` | {holds} | {example} |\n".replace("||", "|  |")
