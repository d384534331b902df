"""A forest plot in words, for those who hear it instead of seeing it."""

from __future__ import annotations

from evisynth.figures.forest_plot.layout import ForestLayout, ForestLine


def describe_forest(layout: ForestLayout) -> str:
    """Say the whole plot in sentences: what is shown, each row, what was pooled, the notes."""
    count = len(layout.rows)
    headings = [column.heading for column in layout.columns if column.key == "effect"]
    axis = "" if layout.axis is None else layout.axis.title
    effect = headings[0] if headings else axis
    parts = [f"Forest plot with {count} {'row' if count == 1 else 'rows'}.", f"{effect}." if effect else ""]
    parts += [_say_line(line, layout) for line in layout.lines]
    parts += layout.small_print
    parts += [f"Note {note.mark}: {note.text}" if note.mark else note.text for note in layout.footnotes]
    return " ".join(part for part in parts if part)


def _say_line(line: ForestLine, layout: ForestLayout) -> str:
    if line.kind in ("heading", "panel"):
        return f"{line.cells['study'].rstrip('.')}:"
    if line.kind == "note":
        return line.cells["study"]
    said = [line.cells.get("study", "")]
    if line.cells.get("group", "") not in said[0]:
        said.append(line.cells["group"])
    if any(c.key.startswith("index_") for c in layout.columns) and line.cells.get("index_arm"):
        said.append(f"{line.cells['index_arm']} vs {line.cells['reference_arm']}")
    elif line.cells.get("n", "").strip("–"):
        said.append(f"n {line.cells['n']}")
    effect = line.cells.get("effect", "")
    # Beside a mark stands a word on it; without one the reason why there is none.
    said.append(f"{effect}, {line.panel_text}" if effect and line.panel_text else effect or line.panel_text)
    if line.cells.get("weight", "").strip("–") and any(c.key == "weight" for c in layout.columns):
        said.append(f"weight {line.cells['weight']}")
    if line.cells.get("grade") and any(c.key == "grade" for c in layout.columns):
        said.append(f"grade {line.cells['grade']}")
    if line.bias:
        said.append(line.bias)
    if line.note_marks:
        said.append(f"note {line.note_marks}")
    return ", ".join(part for part in said if part).rstrip(".") + "."
