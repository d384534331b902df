"""A study file as a whole: what one publication printed, group by group, and where each number stands.

Texts that the source does not give (``not reported``) are None. Names of outcomes and tags are vocabulary
ids. Places, tags and roles that a file leaves to the enclosing block are already filled in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from evisynth.reading import (
    SUFFIX,
    Filled,
    Key,
    Mapping,
    Mistakes,
    Node,
    Required,
    Scalar,
    Sequence,
    Text,
    plain_text,
)
from evisynth.studies.bias_blocks import BiasAssessment, check_said_once
from evisynth.studies.comparison_blocks import Claim, ComparisonBlock
from evisynth.studies.field_types import ID_PATTERN, StudyId
from evisynth.studies.group_blocks import Group, GroupName, GroupTree
from evisynth.studies.outcome_blocks import OutcomeBlock
from evisynth.studies.place import PlaceError, cites_any_of, parse_place
from evisynth.studies.source_blocks import Cohort, Source
from evisynth.studies.study_block import (
    StudyBlock,
    StudyReading,
    with_values,
)


class Acknowledgement(StudyBlock):
    """A finding that a person looked at and lets stand, with the reason."""

    finding: Annotated[
        Required,
        Key("Code of the finding, as it stands in brackets: percent-truncated.", "percent-truncated"),
    ]
    about: Annotated[
        Required | None,
        Key(
            "What the finding speaks of, with its numbers; evisynth check says it.",
            '"Overall survival of resected: 61% of 60"',
        ),
    ] = None
    because: Annotated[Required, Key("Why it may stand.", "compared with the source")]


class Study(StudyBlock):
    """One study file, read and validated."""

    placed: ClassVar[Literal["block", "name", "file"]] = "file"

    id: Annotated[
        str,
        StudyId(),
        Key("Id of the study: small letters, digits and hyphens; the file's name.", "midgut-debulking"),
    ]
    label: Annotated[
        Text, Key("Its name in figures: Berger 2019. Without one, the id.", "Berger 2019", ("name",))
    ] = None
    source: Annotated[
        Source,
        Key("The publication that was read.", "{kind: journal abstract}", ("publication", "reference")),
    ]
    cohort: Annotated[
        Cohort,
        Key(
            "Who was studied, where, when, and for how long.",
            "{design: retrospective}",
            ("patients_and_methods",),
        ),
    ]
    groups: Annotated[
        dict[Annotated[str, GroupName()], Group],
        GroupTree(),
        Key(
            "Groups of patients, each under a short id.",
            "{all: {label: All patients, n: 34, at: line 5}}",
            ("arms", "cohorts"),
        ),
    ]
    outcomes: Annotated[
        tuple[OutcomeBlock, ...],
        Key("Figures of outcomes, block by block.", "", ("results", "data", "endpoints")),
    ] = ()
    comparisons: Annotated[tuple[ComparisonBlock, ...], Key("p-values, ratios and differences.")] = ()
    claims: Annotated[tuple[Claim, ...], Key("What the source says in words, coded.")] = ()
    risk_of_bias: Annotated[
        tuple[BiasAssessment, ...],
        Key("What you judge of the risk of bias, tool by tool; nothing is computed from it."),
    ] = ()
    acknowledged: Annotated[
        tuple[Acknowledgement, ...],
        Key("Findings of evisynth check that were looked at, and why they may stand."),
    ] = ()
    path: Annotated[str, Filled]
    sha256: Annotated[str, Filled]

    @classmethod
    def with_filled(cls, node: Mapping, context: StudyReading) -> Mapping:
        """Fill in what the file is."""
        data = super().with_filled(node, context)
        return with_values(data, path=context.path, sha256=context.sha256)

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: Mapping, context: StudyReading, mistakes: Mistakes
    ) -> Any:
        """Validate the blocks; every one may name the groups."""
        groups = node.get("groups")
        context.groups = groups.keys() if isinstance(groups, Mapping) else None
        return super().validated(handler, node, context, mistakes)

    @classmethod
    def check(cls, node: Mapping, context: StudyReading, mistakes: Mistakes) -> None:
        """Refuse what does not go together in different blocks."""
        typed = plain_text(node.get("id"))
        if ID_PATTERN.fullmatch(typed):
            if context.file_name != f"{typed}{SUFFIX}":
                message = f"the id '{typed}' differs from the name of the file, {context.file_name}"
                stem = context.file_name.removesuffix(SUFFIX)
                fix = f"name the file {typed}{SUFFIX}, or type id: {stem}"
                mistakes.refuse(node["id"], "id-not-file-name", message, fix)
            _check_overlaps(node.get("cohort"), typed, mistakes)
        check_said_once(node.get("risk_of_bias"), context.vocabulary, mistakes)
        _check_places(node.get("source"), context.cited, mistakes)


def _check_overlaps(cohort: Node | None, study: str, mistakes: Mistakes) -> None:
    overlaps = cohort.get("overlaps") if isinstance(cohort, Mapping) else None
    for overlap in overlaps if isinstance(overlaps, Sequence) else ():
        if isinstance(overlap, Mapping) and plain_text(overlap.get("with")) == study:
            message, fix = "a study does not overlap with itself", "name the other study in with:"
            mistakes.refuse(overlap, "overlap-with-itself", message, fix)


def _check_places(source: Node | None, cited: list[Scalar], mistakes: Mistakes) -> None:
    """Refuse figures that cite lines of the captured text that speak of something else."""
    others = source.get("not_this_study") if isinstance(source, Mapping) else None
    if not isinstance(others, Sequence) or not others:
        return
    try:
        excluded = tuple(span for text in others for span in parse_place(plain_text(text)).lines)
    except PlaceError:  # told where it is read
        return
    for place in cited:
        if cites_any_of(place.strip(), excluded):
            message = f"'{place}' is among the lines that not_this_study leaves out"
            fix = "look at the place again, or at not_this_study:"
            mistakes.refuse(place, "not-this-study", message, fix)
