"""Reading ``evidence/questions/*.yaml``: what is asked, with every mistake at its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, get_args

from evisynth.errors import Finding, FindingsError, ProjectError, UnknownNameError, suggestion_text
from evisynth.outcomes.question import (
    Baseline,
    Departure,
    EffectMeasure,
    EmptyCells,
    Grade,
    GroupSelector,
    Model,
    OverlapChoice,
    OverlapHandling,
    Question,
    RowGroup,
    SharedControl,
)
from evisynth.outcomes.read_model import check_model, read_tau_prior
from evisynth.studies import yaml_nodes
from evisynth.studies.field_readers import FieldReader
from evisynth.studies.yaml_nodes import Node, Scalar
from evisynth.vocabulary import SECTIONS, TermKind, Vocabulary

SUFFIX = ".yaml"
#: Measures that set two groups against each other; the others describe one.
CONTRAST_MEASURES = frozenset({"hazard_ratio", "odds_ratio", "risk_ratio", "risk_difference"})
#: Of these, the measures that are worked out from the four counts of two groups.
MEASURES_OF_FOUR_CELLS = CONTRAST_MEASURES - {"hazard_ratio"}
TAU_SQUARED = ("DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM", "common")
INTERVALS = ("wald", "hksj", "hksj-plain", "t")
ROLES = ("own", "external", "background")
#: What a question may mix although rows differ in it, when it says why.
MIXABLE = ("adjustment", "clock start", "time window", "role", "definition")
_GRADES = tuple(grade for grade in get_args(Grade) if grade != "X")


def read_questions(folder: Path, vocabulary: Vocabulary) -> tuple[list[Question], list[Finding]]:
    """Read every question of a folder, by id; what cannot be read is in the findings."""
    questions: list[Question] = []
    findings: list[Finding] = []
    for path in question_paths(folder):
        try:
            questions.append(read_question(path, vocabulary))
        except FindingsError as error:
            findings.extend(error.findings)
    return questions, sorted(findings)


def question_paths(folder: Path) -> list[Path]:
    """Return the question files of a folder, by id."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith("."))


def find_question(folder: Path, question: str, vocabulary: Vocabulary) -> Question:
    """Read the question of that id; UnknownNameError suggests near misses."""
    known = [path.stem for path in question_paths(folder)]
    if question not in known:
        if not folder.is_dir():
            raise ProjectError(f"{folder} does not exist; a project folder keeps its questions there")
        raise UnknownNameError("question", question, known)
    return read_question(folder / f"{question}{SUFFIX}", vocabulary)


def read_question(
    path: Path, vocabulary: Vocabulary, file: str | None = None, studies: Collection[str] | None = None
) -> Question:
    """Read one question file.

    Parameters
    ----------
    path
        The file; its name without ``.yaml`` must be the id of the question.
    vocabulary
        Names that the file may use for the outcome and tags.
    file
        Its name as shown to people; the last folders unless given.
    studies
        The studies there are, so that leaving out one that does not exist is found.

    Raises
    ------
    FindingsError
        With every mistake of the file.
    """
    path = Path(path)
    shown = file or "/".join(path.parts[-3:]).lstrip("/")
    yaml_file = yaml_nodes.read_yaml_file(path, shown)
    reader = FieldReader(yaml_file.findings, vocabulary)
    required = ("id", "title", "why", "outcome", "effect_measure", "rows")
    values = reader.block(yaml_file.root, _QUESTION_KEYS, required, Scalar("", 1, 1)) or {}
    _check_id(reader, values.pop("id", None), path.stem)
    if studies is not None:
        _check_left_out(reader, yaml_file.root, studies)
        _check_kept(reader, yaml_file.root, studies)
    row_nodes = values.pop("rows", [])
    blocks = [_read_row_group(reader, node, values.get("effect_measure")) for node in row_nodes]
    _check_labels(reader, row_nodes, blocks)
    if "baseline" in values:
        values["baseline"] = _read_baseline(reader, values["baseline"], values.get("effect_measure"))
    _check_empty_cells(reader, yaml_file.root, values.get("effect_measure"))
    check_model(reader, yaml_file.root, values)
    yaml_file.findings.raise_if_any()
    given = {_FIELDS.get(key, key): value for key, value in values.items() if value is not None}
    row_groups = tuple(block for block in blocks if block is not None)
    return Question(id=path.stem, row_groups=row_groups, **given)


def _check_left_out(reader: FieldReader, root: Node, studies: Collection[str]) -> None:
    """Report studies left out that do not exist; other mistakes of the list are reported as it is read."""
    listed = root.entries.get("leave_out") if isinstance(root, yaml_nodes.Mapping) else None
    for item in getattr(listed[1] if listed else None, "items", ()):
        _, study = getattr(item, "entries", {}).get("study", (None, None))
        if isinstance(study, Scalar) and study.text not in studies:
            fix = suggestion_text(study.text, tuple(studies))
            reader.refuse(study, "unknown-study", f"unknown study '{study.text}'", fix)


def _check_kept(reader: FieldReader, root: Node, studies: Collection[str]) -> None:
    """Report studies that are to stand for an overlap set and do not exist, or are left out as well."""
    entries = root.entries if isinstance(root, yaml_nodes.Mapping) else {}
    _, overlap = entries.get("overlap", (None, None))
    _, kept = getattr(overlap, "entries", {}).get("keep", (None, None))
    _, left = entries.get("leave_out", (None, None))
    left_out = {
        getattr(getattr(item, "entries", {}).get("study", (None, None))[1], "text", None)
        for item in getattr(left, "items", ())
    }
    for node in getattr(kept, "items", (kept,)):
        if not isinstance(node, Scalar):
            continue
        if node.text not in studies:
            fix = suggestion_text(node.text, tuple(studies))
            reader.refuse(node, "unknown-study", f"unknown study '{node.text}'", fix)
        elif node.text in left_out:
            message = f"'{node.text}' is kept, and left out under leave_out:"
            reader.refuse(node, "kept-and-left-out", message, "take it out of one of the two lists")


def _check_empty_cells(reader: FieldReader, root: Node, measure: str | None) -> None:
    """Report a rule for empty cells where no measure is asked for that rests on four of them."""
    entries = root.entries if isinstance(root, yaml_nodes.Mapping) else {}
    if "empty_cells" in entries and measure is not None and measure not in MEASURES_OF_FOUR_CELLS:
        message = f"empty_cells is about tables of four counts, and a {measure.replace('_', ' ')} has none"
        fix = "take it out, or ask for an odds ratio, risk ratio or risk difference"
        reader.refuse(entries["empty_cells"][1], "empty-cells-unused", message, fix)


def _check_id(reader: FieldReader, node: Node | None, stem: str) -> None:
    text = reader.scalar(node) if node is not None else None
    if node is not None and text is not None and text != stem:
        message = f"the id '{text}' is not the name of the file, {stem}"
        reader.refuse(node, "id-not-file-name", message, f"type id: {stem}, or rename the file")


def _words(*options: str) -> Callable[..., Any]:
    """Read one of a few words, in which spaces stand for underscores and capitals do not count."""
    folded = {option.replace("_", " ").casefold(): option for option in options}

    def read(reader: FieldReader, node: Node) -> str | None:
        text = reader.scalar(node)
        if text is None:
            return None
        found = folded.get(" ".join(text.replace("_", " ").split()).casefold())
        # The choice reports the mistake, with the words as a person types them.
        return (
            found
            if found is not None
            else reader.choice(node, tuple(name.replace("_", " ") for name in options))
        )

    return read


def _outcome(reader: FieldReader, node: Node) -> str | None:
    outcome = reader.outcome(node)
    return None if outcome is None else outcome.id


def _level(reader: FieldReader, node: Node) -> float | None:
    text = reader.scalar(node)
    if text is None:
        return None
    try:
        level = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        level = 0.0
    if not 0.5 <= level < 1:
        reader.refuse(node, "unreadable-level", f"'{text}' is no level of confidence", "type 95% or 0.95")
        return None
    return level


def _survival(reader: FieldReader, node: Node) -> float | None:
    text = reader.scalar(node)
    if text is None:
        return None
    try:
        survival = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        survival = 0.0
    if not 0 < survival < 1:
        message = f"'{text}' is no survival between 0 and 100%"
        reader.refuse(node, "unreadable-survival", message, "type 50% or 0.5")
        return None
    return survival


_BASELINE_KEYS: dict[str, Callable[..., Any]] = {
    "survival": _survival,
    "time": FieldReader.time,
    "from": FieldReader.scalar,
}


def _read_baseline(reader: FieldReader, node: Node, measure: str | None) -> Baseline | None:
    """Read who lives how long without the treatment, which only a hazard ratio can be applied to."""
    if measure not in (None, "hazard_ratio"):
        message = f"a baseline turns a hazard ratio into patients, not another measure ({measure})"
        fix = "take it out, or ask for a hazard ratio"
        reader.refuse(node, "baseline-unused", message.replace("_", " "), fix)
    values = reader.block(node, _BASELINE_KEYS, tuple(_BASELINE_KEYS), node) or {}
    survival, time, source = (values.get(key) for key in _BASELINE_KEYS)
    if survival is None or time is None or source is None:
        return None
    return Baseline(survival, time, source)


def _names(reader: FieldReader, node: Node) -> tuple[str, ...]:
    """Read one name, or a list of them."""
    items = [node] if isinstance(node, Scalar) else reader.items(node)
    read = [reader.scalar(item) for item in items]
    return tuple(dict.fromkeys(name for name in read if name is not None))


_OVERLAP_KEYS: dict[str, Callable[..., Any]] = {
    "choice": _words(*get_args(OverlapHandling)),
    "because": FieldReader.scalar,
    "keep": _names,
}


def _overlap(reader: FieldReader, node: Node) -> OverlapChoice | None:
    """Read how overlapping studies are pooled: a choice and its reason, and who stays of one report."""
    if isinstance(node, Scalar):
        fix = "type overlap: {choice: one report, because: ...}, or covariance, or robust"
        reader.refuse(
            node, "overlap-without-reason", "what is done with overlapping studies needs a reason", fix
        )
        return None
    values = reader.block(node, _OVERLAP_KEYS, ("choice", "because"), node) or {}
    choice, because, keep = (values.get(key) for key in _OVERLAP_KEYS)
    if keep and choice not in (None, "one_report"):
        message = f"keep: names who stays of one report, and the choice is {choice}"
        reader.refuse(node, "keep-unused", message, "take it out, or type choice: one report")
    if choice is None or because is None:
        return None
    return OverlapChoice(choice, because, keep or ())


def _departures(what: str, read_what: Callable[..., Any]) -> Callable[..., Any]:
    def read(reader: FieldReader, node: Node) -> tuple[Departure, ...]:
        departures = []
        for item in reader.items(node):
            values = reader.block(
                item, {what: read_what, "because": FieldReader.scalar}, (what, "because"), item
            )
            if values and values.get(what) is not None and values.get("because") is not None:
                departures.append(Departure(values[what], values["because"]))
        return tuple(departures)

    return read


_QUESTION_KEYS: dict[str, Callable[..., Any]] = {
    "id": FieldReader.node,
    "title": FieldReader.scalar,
    "why": FieldReader.scalar,
    "outcome": _outcome,
    "effect_measure": _words(*get_args(EffectMeasure)),
    "time": FieldReader.time,
    "rows": FieldReader.items,
    "minimum_grade": _words(*_GRADES),
    "model": _words(*get_args(Model)),
    "tau_squared": _words(*TAU_SQUARED),
    "interval": _words(*INTERVALS),
    "tau_prior": read_tau_prior,
    "level": _level,
    "summary": _words("overall", "by_row_group"),
    "leave_out": _departures("study", FieldReader.scalar),
    "mix": _departures("what", _words(*MIXABLE)),
    "uses_inferred_p_values": FieldReader.scalar,
    "baseline": FieldReader.node,
    "shared_control": _words(*get_args(SharedControl)),
    "overlap": _overlap,
    "empty_cells": _words(*get_args(EmptyCells)),
}
#: Keys of the file whose field of a question has another name.
_FIELDS = {"time": "time_months", "leave_out": "left_out", "mix": "mixed"}
_ROW_KEYS: dict[str, Callable[..., Any]] = {
    "label": FieldReader.scalar,
    "index": FieldReader.node,
    "reference": FieldReader.node,
    "time": FieldReader.time,
}


def _read_row_group(reader: FieldReader, node: Node, measure: str | None) -> RowGroup | None:
    values = reader.block(node, _ROW_KEYS, ("label", "index"), node)
    if values is None or values.get("label") is None or "index" not in values:
        return None
    reference = values.get("reference")
    if measure is not None and (reference is not None) != (measure in CONTRAST_MEASURES):
        words = measure.replace("_", " ")
        if reference is None:
            reader.refuse(
                node,
                "reference-missing",
                f"a {words} needs a reference to compare with",
                "type reference: {...}",
            )
        else:
            message = f"a {words} describes single groups, and has no reference"
            reader.refuse(reference, "reference-unused", message, "take it out, or ask for a hazard ratio")
    return RowGroup(
        label=values["label"],
        index=_read_selector(reader, values["index"]),
        reference=None if reference is None else _read_selector(reader, reference),
        time_months=values.get("time"),
    )


def _check_labels(reader: FieldReader, nodes: list[Node], blocks: list[RowGroup | None]) -> None:
    if not nodes and not reader.findings.findings:
        place = Scalar("", 1, 1)
        reader.refuse(
            place, "no-rows", "no group is asked for", "type rows: and one entry a block of the plot"
        )
    met: set[str] = set()
    for node, block in zip(nodes, blocks, strict=True):
        if block is None:
            continue
        if block.label in met:
            reader.refuse(
                node, "duplicate-label", f"two blocks are called '{block.label}'", "give each its own label"
            )
        met.add(block.label)


def _read_selector(reader: FieldReader, node: Node) -> GroupSelector:
    keys = dict.fromkeys((*SECTIONS, "role"), FieldReader.node)
    values = reader.block(node, keys, (), node)
    if values is not None and not values:
        reader.refuse(
            node, "no-tags", "no tag is named, so every group would match", "type {intervention: surgery}"
        )
    tags: dict[str, tuple[str, ...]] = {}
    for kind, value in (values or {}).items():
        items = [value] if isinstance(value, Scalar) else reader.items(value)
        names = [name for item in items for name in _terms(reader, kind, item)]
        tags[kind] = tuple(dict.fromkeys(names))
    return GroupSelector(tags)


def _terms(reader: FieldReader, kind: str, node: Node) -> tuple[str, ...]:
    """Return the ids that a name stands for: the term and all narrower ones."""
    if kind == "role":
        role = reader.choice(node, ROLES)
        return () if role is None else (role,)
    tag_kind: TermKind = kind  # type: ignore[assignment]
    term = reader.term(node, tag_kind)
    return () if term is None else reader.vocabulary.narrower(tag_kind, term)


def question_terms(question: Question) -> Mapping[str, tuple[str, ...]]:
    """Return the tags that a question names, kind by kind, narrower ones included."""
    named: dict[str, dict[str, None]] = {}
    for block in question.row_groups:
        for selector in (block.index, block.reference):
            for kind, terms in selector.tags.items() if selector is not None else ():
                named.setdefault(kind, {}).update(dict.fromkeys(terms))
    return {kind: tuple(terms) for kind, terms in named.items()}
