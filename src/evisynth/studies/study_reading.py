"""From study files to studies: everything that is wrong is reported at once, each at its place."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evisynth.errors import Finding, FindingsError
from evisynth.reading import Mapping, Node, Scalar, Sequence, YamlFile, read_yaml_file, scalar
from evisynth.studies.field_readers import FieldReader
from evisynth.studies.place import PlaceError, cites_any_of, parse_place
from evisynth.studies.read_acknowledged import read_acknowledged
from evisynth.studies.read_comparisons import read_claims, read_comparisons
from evisynth.studies.read_groups import read_groups
from evisynth.studies.read_outcomes import read_outcomes
from evisynth.studies.read_risk_of_bias import read_risk_of_bias
from evisynth.studies.read_source import read_cohort, read_source, study_id
from evisynth.studies.study import Study
from evisynth.vocabulary import Vocabulary

SUFFIX = ".yaml"
STUDY_KEYS: dict[str, Callable[..., Any]] = {
    "id": study_id,
    "label": FieldReader.text,
    "source": FieldReader.node,
    "cohort": FieldReader.node,
    "groups": FieldReader.node,
    "outcomes": FieldReader.node,
    "comparisons": FieldReader.node,
    "claims": FieldReader.node,
    "risk_of_bias": FieldReader.node,
    "acknowledged": FieldReader.node,
}
_REQUIRED = ("id", "source", "cohort", "groups")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What came of one file: a study, or findings; and the id as it stands there, for both."""

    study: Study | None
    findings: list[Finding]
    id_node: Scalar | None = None


def read_study(path: Path, vocabulary: Vocabulary, file: str | None = None) -> Study:
    """Read one study file.

    Parameters
    ----------
    path
        The file; its name without ``.yaml`` must be the id of the study.
    vocabulary
        Names that the file may use for outcomes and tags.
    file
        The file's name as shown to people; folder and name unless given.

    Raises
    ------
    FindingsError
        With every mistake of the file.
    """
    path = Path(path)
    reading = _read(path, vocabulary, file or f"{path.parent.name}/{path.name}".lstrip("/"))
    if reading.study is None:
        raise FindingsError(reading.findings)
    return reading.study


def read_studies(folder: Path, vocabulary: Vocabulary) -> tuple[list[Study], list[Finding]]:
    """Read every study file of a folder, in order of their names.

    Returns
    -------
    tuple
        The studies that could be read, and the findings of all the others.
    """
    folder = Path(folder)
    try:
        paths, findings = _study_files(folder)
    except OSError as error:
        message = f"the folder cannot be read: {error.strerror}"
        return [], [
            Finding(folder.name, 1, 1, "no-such-folder", "error", message, "make it, or check its name")
        ]
    with without_garbage_collection():
        readings = {path: _read(path, vocabulary, f"{folder.name}/{path.name}") for path in paths}
    _report_duplicate_ids(readings)
    for reading in readings.values():
        findings.extend(reading.findings)
    return [reading.study for reading in readings.values() if reading.study], sorted(findings)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Keep the collector from walking thousands of new studies, none of them garbage, again and again.

    It takes a quarter of the time of reading 2,000 files, and reading makes no reference cycles.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _study_files(folder: Path) -> tuple[list[Path], list[Finding]]:
    """List the study files of a folder; another spelling of the suffix is reported."""
    paths, findings = [], []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.suffix == SUFFIX:
            paths.append(path)
        elif path.suffix.lower() in (SUFFIX, ".yml"):
            file, fix = f"{folder.name}/{path.name}", f"call it {path.stem}{SUFFIX}"
            message = f"the file name ends in {path.suffix}"
            findings.append(Finding(file, 1, 1, "wrong-suffix", "error", message, fix))
    return paths, findings


def _report_duplicate_ids(readings: dict[Path, _Reading]) -> None:
    """Report an id that another file has; a file that is named after its id keeps it."""
    owners: dict[str, Path] = {
        path.stem: path for path, reading in readings.items() if _id(reading) == path.stem
    }
    for path, reading in readings.items():
        if reading.id_node is None or owners.setdefault(reading.id_node.text, path) == path:
            continue
        node, owner = reading.id_node, owners[reading.id_node.text]
        own = [finding for finding in reading.findings if finding.code == "id-not-file-name"]
        for finding in own:
            reading.findings[reading.findings.index(finding)] = replace(
                finding,
                code="duplicate-id",
                message=f"the id '{node.text}' is that of {owner.parent.name}/{owner.name} already",
                fix=f"give this study an id of its own, such as {path.stem}",
            )


def _id(reading: _Reading) -> str | None:
    return reading.id_node.text if reading.id_node else None


def _read(path: Path, vocabulary: Vocabulary, shown: str) -> _Reading:
    try:
        yaml_file = read_yaml_file(path, shown)
    except FindingsError as error:
        return _Reading(None, list(error.findings))
    id_entry = yaml_file.root.entries.get("id")
    id_node = id_entry[1] if id_entry and isinstance(id_entry[1], Scalar) else None
    try:
        values = _read_values(yaml_file, path.name, vocabulary)
        yaml_file.findings.raise_if_any()
        study = Study.model_validate({**values, "path": shown, "sha256": yaml_file.sha256})
    except FindingsError as error:
        return _Reading(None, list(error.findings), id_node)
    except ValidationError as error:
        return _Reading(None, _from_pydantic(error, shown), id_node)
    return _Reading(study, [], id_node)


def _read_values(yaml_file: YamlFile, file_name: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Read the blocks in the order in which they need each other: groups before all that names them."""
    reader, root = FieldReader(yaml_file.findings, vocabulary), yaml_file.root
    start = scalar("", 1, 1)
    nodes = reader.block(root, STUDY_KEYS, _REQUIRED, start) or {}
    values: dict[str, Any] = {"id": nodes.get("id"), "label": nodes.get("label")}
    _check_file_name(reader, root, values["id"], file_name)
    if "source" in nodes:
        values["source"] = read_source(reader, nodes["source"], root.name_of("source"))
    if "cohort" in nodes:
        values["cohort"] = read_cohort(reader, nodes["cohort"], root.name_of("cohort"))
        _check_overlaps(reader, values["cohort"], values["id"])
    groups: dict[str, dict[str, Any]] = {}
    if "groups" in nodes:
        node = nodes["groups"]
        reader.groups = node.entries.keys() if isinstance(node, Mapping) else None
        groups = read_groups(reader, node)
    values["groups"] = groups
    if "outcomes" in nodes:
        values["outcomes"] = read_outcomes(reader, nodes["outcomes"], groups)
    if "comparisons" in nodes:
        values["comparisons"] = read_comparisons(reader, nodes["comparisons"])
    if "claims" in nodes:
        values["claims"] = read_claims(reader, nodes["claims"])
    if "risk_of_bias" in nodes:
        values["risk_of_bias"] = read_risk_of_bias(reader, nodes["risk_of_bias"], groups)
    if "acknowledged" in nodes:
        values["acknowledged"] = read_acknowledged(reader, nodes["acknowledged"])
    _check_places(reader, root, values.get("source"))
    return values


def _check_file_name(reader: FieldReader, root: Mapping, study: str | None, file_name: str) -> None:
    if study is not None and file_name != f"{study}{SUFFIX}":
        message = f"the id '{study}' differs from the name of the file, {file_name}"
        fix = f"name the file {study}{SUFFIX}, or type id: {file_name.removesuffix(SUFFIX)}"
        reader.refuse(root.value_of("id"), "id-not-file-name", message, fix)


def _check_overlaps(reader: FieldReader, cohort: dict[str, Any] | None, study: str | None) -> None:
    for overlap in (cohort or {}).get("overlaps", ()):
        if study is not None and overlap.get("with") == study:
            place = scalar("", overlap["line"], overlap["column"])
            message, fix = "a study does not overlap with itself", "name the other study in with:"
            reader.refuse(place, "overlap-with-itself", message, fix)


def _check_places(reader: FieldReader, root: Mapping, source: dict[str, Any] | None) -> None:
    """Report figures that cite lines of the captured text that speak of something else."""
    if not source or not source.get("not_this_study"):
        return
    try:
        excluded = tuple(span for text in source["not_this_study"] for span in parse_place(text).lines)
    except PlaceError:  # reported where it was read
        return
    waiting: list[Node] = [node for key, (_, node) in root.entries.items() if key != "source"]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting.extend(node.items)
        elif isinstance(node, Mapping):
            for key, (_, value) in node.entries.items():
                if key in ("at", "also_at") and isinstance(value, Scalar):
                    _check_place(reader, value, excluded)
                else:
                    waiting.append(value)


def _check_place(reader: FieldReader, place: Scalar, excluded: tuple[tuple[int, int], ...]) -> None:
    try:
        cites = cites_any_of(place.text.strip(), excluded)
    except PlaceError:  # reported where it was read
        return
    if cites:
        message = f"'{place.text}' is among the lines that not_this_study leaves out"
        reader.refuse(place, "not-this-study", message, "look at the place again, or at not_this_study:")


def _from_pydantic(error: ValidationError, file: str) -> list[Finding]:
    """Turn what the model refuses, and no reader did, into findings on the file."""
    return [
        Finding(
            file, 1, 1, "invalid-study", "error",
            f"{'.'.join(str(part) for part in mistake['loc'])}: {mistake['msg']}", "look at this entry again",
        )
        for mistake in error.errors()
    ]  # fmt: skip
