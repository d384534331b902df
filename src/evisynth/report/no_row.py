"""Why a study has no row in an answer: what it reports, and which tags its groups have and lack."""

from __future__ import annotations

from collections.abc import Mapping

from evisynth.outcomes.choose_groups import choose_pairs
from evisynth.outcomes.group_tree import Group, GroupTree
from evisynth.outcomes.question import GroupSelector, Question, RowGroup
from evisynth.vocabulary import Vocabulary

#: Of more terms than this that a tag may have, the first stand for all.
_MOST_TERMS = 3


def why_no_row(question: Question, vocabulary: Vocabulary, study: str, tree: GroupTree | None) -> str:
    """Say why a study has no row, in a line for each block of the question and each group of the study.

    Parameters
    ----------
    question
        Names the tags of the groups that it looks at.
    vocabulary
        Where the words for outcome and tags come from.
    study
        The study without a row.
    tree
        Its groups; None when it reports nothing on the outcome.
    """
    outcome = vocabulary.outcome(question.outcome).label
    reported = f"evisynth query --study {study} lists what it reports"
    if tree is None:
        return (
            f"{study} reports nothing that answers {question.id}: it has no row there, since it reports "
            f"nothing on {outcome}; {reported}"
        )
    words = _TagWords(vocabulary)
    lines = [f"{study} reports on {outcome}, and has no row in {question.id}:"]
    lines += [f"  {block.label}: {_missing(block, tree, words, question)}" for block in question.row_groups]
    lines += [f"  its group {group.name} has {words.of_group(group)}" for group in tree.groups.values()]
    return "\n".join([*lines, f"  {reported}; its groups get their tags in studies/{study}.yaml"])


def _missing(block: RowGroup, tree: GroupTree, words: _TagWords, question: Question) -> str:
    """Say what a block of rows wants that no group of a study offers."""
    sides = [("the group", block.index)]
    if block.reference is not None:
        sides = [("the index group", block.index), ("the reference group", block.reference)]
    lacking = [
        f"{side} must have {words.of_selector(selector)}, and no group has"
        for side, selector in sides
        if not any(group.matches(selector) for group in tree.groups.values())
    ]
    if lacking:
        return "; ".join(lacking)
    found = [
        " or ".join(group.name for group in tree.groups.values() if group.matches(selector))
        for _, selector in sides
    ]
    measure = question.effect_measure.replace("_", " ")
    if block.reference is None:
        return f"{found[0]} would fit, and nothing is reported there that gives a {measure}"
    if not any(choose_pairs(tree, block.index, block.reference)):
        return (
            f"{found[0]} and {found[1]} have the tags, and are not two parts of one whole by one split, so "
            "that they are not set against each other"
        )
    return f"{found[0]} and {found[1]} would fit, and nothing is reported there that gives a {measure}"


class _TagWords:
    """Writes tags by the labels of the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def of_selector(self, selector: GroupSelector) -> str:
        """Write the tags that are asked for: ``intervention resection and site liver or extrahepatic``."""
        return " and ".join(self._kind(kind, terms) for kind, terms in selector.tags.items()) or "no tag"

    def _kind(self, kind: str, terms: tuple[str, ...]) -> str:
        labels = [self._label(kind, term) for term in terms]
        if len(labels) > _MOST_TERMS:
            return f"{kind} {labels[0]} (or one of {len(labels) - 1} others)"
        return f"{kind} {' or '.join(labels)}"

    def of_group(self, group: Group) -> str:
        """Write the tags of a group, inherited ones included."""
        tags: Mapping[str, str] = group.tags
        own = [f"{kind} {self._label(kind, term)}" for kind, term in tags.items()]
        role = [] if group.role == "own" else [f"role {group.role}"]
        return ", ".join([*own, *role]) or "no tag"

    def _label(self, kind: str, term: str) -> str:
        return term if kind == "role" else self._vocabulary.term(kind, term).label
