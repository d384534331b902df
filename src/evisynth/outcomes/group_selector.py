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
    study's own groups match. ``labels`` say how the vocabulary writes the terms. ``but_not`` are
    interventions that a wider one named in ``tags`` would find; they are no longer among the tags.
    """

    tags: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    but_not: tuple[str, ...] = ()


@dataclass(frozen=True)
class SelectorTags(Block):
    """Tags that a group must carry, kind by kind; the keys of an index or a reference."""

    intervention: Annotated[
        tuple[str, ...],
        tags("intervention"),
        Key("What was done to the group; a list means any of them.", "resection"),
    ] = ()
    but_not: Annotated[
        tuple[str, ...],
        tags("intervention"),
        Key("Narrower interventions that do not count.", "ablation"),
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
        if not node.keys() - {"but_not"}:
            message = "no tag is named, so every group would match"
            mistakes.refuse(node, "no-tags", message, "type {intervention: surgery}")

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: nodes.Mapping, context: QuestionReading, mistakes: Mistakes
    ) -> GroupSelector:
        """Return the tags in the order in which they are typed, less those that do not count."""
        read = super().validated(handler, node, context, mistakes)
        named = {str(kind): getattr(read, kind) for kind in node if kind != "but_not"}
        found = named.get("intervention", ())
        labels = context.vocabulary.labels_of({**named, "intervention": (*found, *read.but_not)})
        if "but_not" not in node:
            return GroupSelector(named, labels)
        counted = tuple(term for term in found if term not in read.but_not)
        if not counted or not set(read.but_not) <= set(found):
            message = "but_not: leaves out what intervention: does not find, or all that it finds"
            fix = "name an intervention there that is wider: {intervention: surgery, but_not: ablation}"
            mistakes.refuse(node.value("but_not"), "but-not-unused", message, fix)
        return GroupSelector({**named, "intervention": counted}, labels, read.but_not)
