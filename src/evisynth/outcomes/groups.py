"""Groups of patients: the tree that they form in each study, and those of them that a question asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from evisynth.outcomes.comparison import CovariateValue
from evisynth.outcomes.question import Question
from evisynth.outcomes.statements import run_statement
from evisynth.studies import MATCHED_SPLIT
from evisynth.vocabulary import SECTIONS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Side = Literal["index", "reference"]


@dataclass(frozen=True, slots=True)
class PrintedSize:
    """What a study file says about the number of patients of a group.

    ``value`` is patients or the share of the group it is part of, as ``unit`` says; ``count`` is the whole
    number where one is given.
    """

    as_reported: str
    state: str
    qualifier: str | None
    value: float | None
    unit: str | None
    half_unit: float | None
    count: int | None
    worked_out: str | None
    source_location: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of patients; tags include inherited ones; ``order`` is its place in the study file."""

    name: str
    label: str
    role: str
    tags: Mapping[str, str]
    part_of: str | None
    split: str | None
    size: PrintedSize | None
    source_location: str
    file_location: str
    order: int
    ancestors: tuple[str, ...] = ()
    covariates: Mapping[str, CovariateValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GroupTree:
    """All groups of one study, in the order of its file.

    ``cuts_percentages_off`` says that percentages of the study were cut off instead of rounded: more than one
    can be nothing else.
    """

    study: str
    groups: Mapping[str, Group]
    cuts_percentages_off: bool = False

    def roots(self) -> list[Group]:
        """Return the groups that are part of no other."""
        return [group for group in self.groups.values() if group.part_of is None]

    def splits(self, whole: Group) -> dict[str, list[Group]]:
        """Return the parts of a group, split by split."""
        parts: dict[str, list[Group]] = {}
        for group in self.groups.values():
            if group.part_of == whole.name and group.split is not None:
                parts.setdefault(group.split, []).append(group)
        return parts

    def covariates(self, group: Group) -> dict[str, CovariateValue]:
        """Return the covariates that a group prints, or else the nearest group that holds it."""
        found: dict[str, CovariateValue] = {}
        for name in group.ancestors:
            found = {**self.groups[name].covariates, **found}
        return found

    def lineage(self, group: Group) -> tuple[tuple[str, str | None], ...]:
        """Return the group and those that hold it, upwards, each with the split that made it a part."""
        return tuple((name, self.groups[name].split) for name in group.ancestors)


@dataclass(frozen=True, slots=True)
class AskedGroups:
    """The groups of one study, and what a question finds among them, by the number of its block.

    ``carriers`` names the groups that carry the tags of a side, ``pairs`` those of both that may be set
    against each other.
    """

    tree: GroupTree
    carriers: dict[tuple[int, Side], list[str]] = field(default_factory=lambda: defaultdict(list))
    pairs: dict[int, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))


def ask_for_groups(
    connection: DuckDBPyConnection, question: Question, study: str | None = None
) -> dict[str, AskedGroups]:
    """Find the groups that a question asks for, by study, in studies that report on its outcome.

    Index and reference of a contrast are parts of the same whole by the same split, or are named together by
    a comparison of the source, or were matched from such parts. A reference that is asked
    for by its role, such as registry figures that a study quotes, is nobody's sibling: it is set beside the
    groups of the same population, to be shown and refused as a comparator. Further statements on the same
    connection find the groups in the temporary table ``carrier``.

    Parameters
    ----------
    study
        The only one to look at, whether or not it has such groups.
    """
    left_out = [departure.what for departure in question.left_out]
    asked = _asked_tags(question)
    run_statement(connection, "carriers", asked=asked, outcome=question.outcome, left_out=left_out)
    carriers = connection.execute(
        "SELECT study_id, block, side, group_id FROM carrier ORDER BY study_id, block, side, position"
    ).fetchall()
    studies = dict.fromkeys(row[0] for row in carriers) if study is None else [study]
    trees = load_group_trees(connection, question.outcome, studies)
    found = {name: AskedGroups(tree) for name, tree in trees.items()}
    for name, block, side, group in carriers:
        if name in found:
            found[name].carriers[block, side].append(group)
    for name, block, index, reference in run_statement(
        connection, "pairs", outcome=question.outcome, matching=MATCHED_SPLIT
    ):
        if name in found:
            found[name].pairs[block].append((index, reference))
    return found


def _asked_tags(question: Question) -> list[dict[str, Any]]:
    """List the tags that are asked for, each with the number and the side of its block."""
    sides: tuple[Side, ...] = ("index", "reference")
    return [
        {"block": number, "side": side, "kind": kind, "term_id": term}
        for number, block in enumerate(question.row_groups)
        for side, selector in zip(sides, (block.index, block.reference), strict=True)
        if selector is not None
        # A study's own patients are meant unless a role is named.
        for kind, terms in {"role": ("own",), **selector.tags}.items()
        for term in terms
    ]


def load_group_trees(
    connection: DuckDBPyConnection, outcome: str, studies: Collection[str]
) -> dict[str, GroupTree]:
    """Return all groups of those of some studies that report on an outcome, by study."""
    trees: dict[str, dict[str, Group]] = {}
    printed: defaultdict[tuple[str, str], dict[str, CovariateValue]] = defaultdict(dict)
    for study, name, covariate, *columns in run_statement(connection, "covariates", studies=list(studies)):
        printed[study, name][covariate] = CovariateValue(name, *columns)
    for study, name, *columns in run_statement(connection, "groups", outcome=outcome, studies=list(studies)):
        group = _group(name, columns)
        trees.setdefault(study, {})[name] = replace(group, covariates=printed.get((study, name), {}))
    cut_off = connection.execute("SELECT study_id FROM study WHERE percentages_cut_off > 1").fetchall()
    cutting = {study for (study,) in cut_off}
    return {study: GroupTree(study, groups, study in cutting) for study, groups in trees.items()}


def _group(name: str, columns: list[Any]) -> Group:
    label, role, part_of, split, ancestors, *rest = columns
    tags, rest = rest[: len(SECTIONS)], rest[len(SECTIONS) :]
    source_location, file_location, order, *size = rest
    return Group(
        name=name,
        label=label,
        role=role,
        tags={kind: term for kind, term in zip(SECTIONS, tags, strict=True) if term is not None},
        part_of=part_of,
        split=split,
        size=None if size[0] is None else PrintedSize(*size),
        source_location=source_location,
        file_location=file_location,
        order=order,
        ancestors=tuple(ancestors),
    )
