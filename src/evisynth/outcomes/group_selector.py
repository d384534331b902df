"""Which groups a question asks for, by the tags that they carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from evisynth.outcomes.question_types import OneOrMore, QuestionReading, tags
from evisynth.reading import Block, Choice, Key, Mistakes, nodes

ROLES = ("own", "external", "background")


@dataclass(frozen=True, slots=True)
class GroupSelector:
    """Tags that a group must carry; a tag kind may list several terms, one of which must match.

    Keys are the kinds of tags of the vocabulary (``intervention``, ``site``, ...) and ``role``; values are
    vocabulary ids. Groups inherit the tags of the groups they are part of. Without ``role``, only a
    study's own groups match. ``labels`` say how the vocabulary writes the terms.
    """

    tags: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class SelectorTags(Block):
    """Tags that a group must carry, kind by kind; the keys of an index or a reference."""

    intervention: Annotated[
        tuple[str, ...],
        tags("intervention"),
        Key("What was done to the group; a list means any of them.", "resection"),
    ] = ()
    extent: Annotated[
        tuple[str, ...], tags("extent"), Key("How much of its tumour was removed.", "complete")
    ] = ()
    site: Annotated[tuple[str, ...], tags("site"), Key("Where its metastases were.", "liver")] = ()
    population: Annotated[
        tuple[str, ...], tags("population"), Key("Which tumours it had.", "midgut NET")
    ] = ()
    primary_site: Annotated[
        tuple[str, ...], tags("primary_site"), Key("Where its primary tumours were.", "pancreas")
    ] = ()
    grade: Annotated[tuple[str, ...], tags("grade"), Key("Grade of its tumours.", "[G1, G2]")] = ()
    role: Annotated[
        tuple[str, ...],
        OneOrMore(Choice(ROLES)),
        Key("Whose patients they are; without it, only those of a study's own groups.", "external"),
    ] = ()

    @classmethod
    def check(cls, node: nodes.Mapping, context: QuestionReading, mistakes: Mistakes) -> None:
        """Refuse a block that any group would match."""
        if not node:
            message = "no tag is named, so every group would match"
            mistakes.refuse(node, "no-tags", message, "type {intervention: surgery}")

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: nodes.Mapping, context: QuestionReading, mistakes: Mistakes
    ) -> GroupSelector:
        """Return the tags in the order in which they are typed."""
        read = super().validated(handler, node, context, mistakes)
        named = {str(kind): getattr(read, kind) for kind in node}
        return GroupSelector(named, context.vocabulary.labels_of(named))
