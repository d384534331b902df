"""Reading what a person judged of the risk of bias: by which tool, of which outcome, domain by domain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evisynth.errors import near_misses, suggestion_text
from evisynth.reading import Mapping, Node, Scalar
from evisynth.studies.bias_tools import NOT_JUDGED, OVERALL, TOOLS, BiasTool, find_tool
from evisynth.studies.field_readers import FieldReader

JUDGEMENT_KEYS: dict[str, Callable[..., Any]] = {
    "judgement": FieldReader.node,
    "because": FieldReader.text,
    "at": FieldReader.place,
}
ASSESSMENT_KEYS: dict[str, Callable[..., Any]] = {
    "tool": FieldReader.node,
    "outcomes": FieldReader.node,
    "by": FieldReader.node,
    "domains": FieldReader.node,
    "overall": FieldReader.node,
    "at": FieldReader.place,
    "note": FieldReader.text,
}
ASSESSMENT_REQUIRED = ("tool",)


def read_risk_of_bias(
    reader: FieldReader, node: Node, groups: dict[str, dict[str, Any]]
) -> tuple[dict[str, Any], ...]:
    """Read the ``risk_of_bias`` list; the same judgement asked for twice is reported at the second place."""
    splits = {values["by"]: None for values in groups.values() if values.get("by")}
    assessments: list[dict[str, Any]] = []
    for item in reader.items(node):
        values = reader.block(item, ASSESSMENT_KEYS, ASSESSMENT_REQUIRED, item)
        if values is None or not isinstance(item, Mapping):
            continue
        assessment = _read_assessment(reader, item, values, splits)
        _check_said_once(reader, item, assessment, assessments)
        assessments.append(assessment)
    return tuple(assessments)


def _read_assessment(
    reader: FieldReader, item: Mapping, values: dict[str, Any], splits: Collection[str]
) -> dict[str, Any]:
    tool = _read_tool(reader, values["tool"]) if "tool" in values else None
    if "outcomes" in values:
        values["outcomes"] = _read_outcomes(reader, values["outcomes"])
    if "by" in values:
        values["by"] = _read_split(reader, values["by"], splits)
    if "domains" not in values and "overall" not in values:
        message, fix = "nothing is judged here", "type domains: and a judgement for each, or overall:"
        reader.refuse(item, "missing-key", message, fix)
    block = _Block(reader, tool, values.get("at"))
    judgements = list(block.domains(values.pop("domains", None)))
    overall = values.pop("overall", None)
    return {
        **values,
        "tool": tool.name if tool else None,
        "domains": {judgement["domain"]: judgement for judgement in judgements},
        "overall": None if overall is None else block.judgement(OVERALL, item.name_of("overall"), overall),
        "line": item.line,
        "column": item.column,
    }


def _read_tool(reader: FieldReader, node: Node) -> BiasTool | None:
    text = reader.scalar(node)
    tool = None if text is None else find_tool(text)
    if text is not None and tool is None:
        fix = suggestion_text(text, [tool.name for tool in TOOLS])
        reader.refuse(node, "unknown-tool", f"'{text}' is no tool for risk of bias known here", fix)
    return tool


def _read_outcomes(reader: FieldReader, node: Node) -> tuple[str, ...]:
    outcomes: list[str] = []
    for item in reader.items(node):
        outcome = reader.outcome(item)
        if outcome is not None and outcome.id in outcomes:
            message = f"the outcome '{outcome.label}' is named twice"
            reader.refuse(item, "duplicate-outcome", message, "name each outcome once")
        elif outcome is not None:
            outcomes.append(outcome.id)
    return tuple(outcomes)


def _read_split(reader: FieldReader, node: Node, splits: Collection[str]) -> str | None:
    text = reader.scalar(node)
    if text is not None and text not in splits:
        fix = suggestion_text(text, tuple(splits))
        reader.refuse(node, "unknown-split", f"no group is part of another by '{text}'", fix)
    return text


@dataclass(frozen=True, slots=True)
class _Block:
    """One assessment: its tool, None when that is not known, and the place that its judgements take over."""

    reader: FieldReader
    tool: BiasTool | None
    at: str | None

    def domains(self, node: Node | None) -> Iterator[dict[str, Any]]:
        """Read the judgement of each domain."""
        if node is None:
            return
        if not isinstance(node, Mapping):
            example = (self.tool or TOOLS[0]).domains[0]
            self.reader.not_a_mapping(node, f"type {example}: and its judgement")
            return
        found: set[str] = set()
        for key, value in node.entries.values():
            domain = self._find_domain(key)
            if domain is None:
                continue
            if domain in found:
                message = f"the domain '{domain}' is judged twice"
                self.reader.refuse(key, "duplicate-domain", message, "judge each domain once")
                continue
            found.add(domain)
            judgement = self.judgement(domain, key, value)
            if judgement is not None:
                yield judgement

    def _find_domain(self, key: Scalar) -> str | None:
        if self.tool is None:
            return key.text
        domain = self.tool.find_domain(key.text)
        if domain is None:
            message = f"{self.tool.name} has no domain '{key.text}'"
            begun = self.tool.domains_beginning(key.text)
            if begun:
                message = f"'{key.text}' begins {len(begun)} domains of {self.tool.name}"
            fix = "type " + " or ".join(begun) if begun else _meant(key.text, self.tool.domains)
            self.reader.refuse(key, "unknown-domain", message, fix)
        return domain

    def judgement(self, domain: str, name: Node, node: Node) -> dict[str, Any] | None:
        """Read ``serious``, or a block with the judgement, its reason and its place."""
        values: dict[str, Any] | None = {"judgement": node}
        if isinstance(node, Mapping):
            values = self.reader.block(node, JUDGEMENT_KEYS, ("judgement",), name)
        if values is None or "judgement" not in values:
            return None
        word = self.reader.scalar(values["judgement"])
        if word is None:
            return None
        return {
            "domain": domain,
            "judgement": self._find_judgement(word, values["judgement"]),
            "because": values.get("because"),
            "at": values.get("at", self.at),
            "line": name.line,
            "column": name.column,
        }

    def _find_judgement(self, word: str, node: Node) -> str | None:
        if self.tool is None:
            return word
        judgement = self.tool.find_judgement(word)
        if judgement is None:
            fix = _meant(word, self.tool.known_judgements)
            if word.casefold() in (NOT_JUDGED, "not reported", "unclear"):
                fix = f"leave out what you did not judge, or {fix}"
            message = f"{self.tool.name} has no judgement '{word}'"
            self.reader.refuse(node, "unknown-judgement", message, fix)
        return judgement


def _meant(name: str, known: Sequence[str]) -> str:
    """Say what to type, near misses first, in the order of the tool."""
    return suggestion_text(name, known) if near_misses(name, known) else "type one of: " + ", ".join(known)


def _check_said_once(
    reader: FieldReader, item: Mapping, assessment: dict[str, Any], before: Sequence[dict[str, Any]]
) -> None:
    """Report an assessment by the same tool of what another assesses already."""
    tool = assessment["tool"]
    outcomes = set(assessment.get("outcomes", ())) or {None}
    for other in before:
        if tool is None or (other["tool"], other.get("by")) != (tool, assessment.get("by")):
            continue
        shared = outcomes & (set(other.get("outcomes", ())) or {None})
        if shared:
            name = next(iter(sorted(filter(None, shared))), None)
            of = "every outcome" if name is None else reader.vocabulary.outcomes[name].label
            message = f"{tool} judges {of} a second time (first in line {other['line']})"
            fix = "keep one, or name other outcomes in outcomes:"
            reader.refuse(item.value_of("tool"), "duplicate-assessment", message, fix)
            return
