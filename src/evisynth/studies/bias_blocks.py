"""Judgements of the risk of bias: by which tool, of which outcome, domain by domain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from evisynth.errors import UnknownNameError
from evisynth.near_names import near_misses, suggestion_text
from evisynth.reading import (
    Filled,
    Key,
    Mapping,
    Mistakes,
    Node,
    Scalar,
    Schema,
    Text,
    TextType,
    mapping,
    not_a_mapping,
    plain_text,
    refused,
    scalar,
    text_of,
)
from evisynth.studies.bias_tools import NOT_JUDGED, OVERALL, TOOLS, BiasTool, find_tool
from evisynth.studies.field_types import OutcomeNames, SplitName
from evisynth.studies.study_block import (
    At,
    Note,
    StudyBlock,
    StudyReading,
    with_values,
)
from evisynth.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


class _ToolName(TextType):
    """A tool, however its name is spelled."""

    schema: Schema = {"anyOf": [{"enum": [tool.name for tool in TOOLS]}, {"type": "string"}]}  # noqa: RUF012

    asks_context = False

    def read(self, node: Any, context: Any = None) -> str:
        """Return the name."""
        text = text_of(node)
        tool = find_tool(text)
        if tool is None:
            fix = suggestion_text(text, [known.name for known in TOOLS])
            raise refused("unknown-tool", f"'{text}' is no tool for risk of bias known here", fix)
        return tool.name


class _JudgementWord(TextType):
    """A judgement in the words of the tool."""

    schema: Schema = {  # noqa: RUF012
        "anyOf": [
            {"enum": sorted({word for tool in TOOLS for word in tool.known_judgements})},
            {"type": "string"},
        ]
    }

    def read(self, node: Any, context: Any = None) -> str:
        """Return the judgement."""
        word = text_of(node)
        tool: BiasTool | None = context.tool
        if tool is None:
            return word
        judgement = tool.find_judgement(word)
        if judgement is None:
            fix = _meant(word, tool.known_judgements)
            if word.casefold() in (NOT_JUDGED, "not reported", "unclear"):
                fix = f"leave out what you did not judge, or {fix}"
            raise refused("unknown-judgement", f"{tool.name} has no judgement '{word}'", fix)
        return judgement


def _meant(name: str, known: Sequence[str]) -> str:
    """Say what to type, near misses first, in the order of the tool."""
    return suggestion_text(name, known) if near_misses(name, known) else "type one of: " + ", ".join(known)


class BiasJudgement(StudyBlock):
    """How high a person judges the risk of bias of one domain, or overall; why, and from which place."""

    placed: ClassVar[Literal["block", "name", "file"]] = "name"

    domain: Annotated[str, Filled]
    judgement: Annotated[
        str, _JudgementWord(), Key("Judgement, in the tool's word: low, serious, some concerns.", "serious")
    ]
    because: Annotated[Text, Key("Why, in your own words.", '"resection was chosen, not assigned"')] = None
    at: At = None

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: Any) -> Schema:
        return {"anyOf": [_JudgementWord.schema, handler(core)]}

    @classmethod
    def with_filled(cls, node: Mapping, context: StudyReading) -> Mapping:
        """Fill in the domain, and the place of the assessment where the judgement has none."""
        data = super().with_filled(node, context)
        if "at" not in node and context.around.at is not None:
            data["at"] = scalar(context.around.at)
        return with_values(data, domain=str(node.name))


class _Domains:
    """Offers the domains of all tools to editors."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Any) -> Schema:
        judgement = handler(core)["additionalProperties"]
        owners = {
            domain: " and ".join(tool.name for tool in TOOLS if domain in tool.domains)
            for known in TOOLS
            for domain in known.domains
        }
        domains = {
            domain: {**judgement, "description": f"Domain of {tools}."} for domain, tools in owners.items()
        }
        return {"type": "object", "properties": domains, "additionalProperties": judgement}


class BiasAssessment(StudyBlock):
    """A judgement of the risk of bias of what a study compares, by one tool.

    ``domains`` holds the domains that were judged, by the tool's name for them; the others were not.
    """

    tool: Annotated[str, _ToolName(), Key("Tool the judgements follow: ROBINS-I or RoB 2.", "ROBINS-I")]
    outcomes: Annotated[
        tuple[str, ...],
        OutcomeNames(),
        Key(
            "Outcomes it is about, names of the vocabulary; without it, every outcome.", "[overall survival]"
        ),
    ] = ()
    by: Annotated[
        str | None,
        SplitName(),
        Key(
            "Split of groups whose parts it compares, as in groups; without it, any comparison.", "resection"
        ),
    ] = None
    domains: Annotated[
        dict[str, BiasJudgement],
        _Domains(),
        Key("Judgement of each domain; what is left out is not judged.", "{confounding: serious}"),
    ] = {}  # noqa: RUF012
    overall: Annotated[BiasJudgement | None, Key("Judgement over all domains.", "serious")] = None
    at: At = None
    note: Note = None

    @classmethod
    def validated(
        cls, handler: Callable[[Any], Any], node: Mapping, context: StudyReading, mistakes: Mistakes
    ) -> Any:
        """Validate the judgements by the tool, each spelled out under the tool's name for its domain."""
        context.tool = find_tool(plain_text(node.get("tool")))
        spelled_out: dict[str, Node] = {}
        for key, value in node.named():
            if key == "domains":
                spelled_out[key] = _judged_domains(value, context.tool, mistakes)
            else:
                spelled_out[key] = _spelled_out(key, value) if key == OVERALL else value
        return super().validated(handler, mapping(spelled_out, node), context, mistakes)

    @classmethod
    def check(cls, node: Mapping, context: StudyReading, mistakes: Mistakes) -> None:
        """Refuse an assessment without a judgement."""
        if "domains" not in node and "overall" not in node:
            message, fix = "nothing is judged here", "type domains: and a judgement for each, or overall:"
            mistakes.refuse(node, "missing-key", message, fix)


def _spelled_out(name: Scalar, judgement: Node) -> Mapping:
    """Return a judgement as a block, under its name."""
    if isinstance(judgement, Mapping):
        return judgement
    block = Mapping({"judgement": judgement})
    block.line, block.column, block.in_braces, block.name = judgement.line, judgement.column, False, name
    return block


def _judged_domains(node: Node, tool: BiasTool | None, mistakes: Mistakes) -> Node:
    """Return the judgements under the tool's names for their domains; refuse domains that it has not."""
    if not isinstance(node, Mapping):
        example = (tool or TOOLS[0]).domains[0]
        error = not_a_mapping(node, f"type {example}: and its judgement")
        mistakes.details.append({"type": error, "input": node})
        node = Mapping()
    judged: dict[str, Node] = {}
    for key, value in node.named():
        domain = str(key) if tool is None else _domain(key, tool, mistakes)
        if domain is None:
            continue
        name = scalar(domain, key.line, key.column)
        if domain in judged:
            message = f"the domain '{domain}' is judged twice"
            mistakes.refuse(key, "duplicate-domain", message, "judge each domain once")
            continue
        judged[name] = block = _spelled_out(name, value)
        block.name = name
    found = Mapping(judged)
    found.line = found.column = 1
    return found


def _domain(key: Scalar, tool: BiasTool, mistakes: Mistakes) -> str | None:
    domain = tool.find_domain(key)
    if domain is None:
        message = f"{tool.name} has no domain '{key}'"
        begun = tool.domains_beginning(key)
        if begun:
            message = f"'{key}' begins {len(begun)} domains of {tool.name}"
        fix = "type " + " or ".join(begun) if begun else _meant(key, tool.domains)
        mistakes.refuse(key, "unknown-domain", message, fix)
    return domain


def check_said_once(assessments: object, vocabulary: Vocabulary, mistakes: Mistakes) -> None:
    """Refuse an assessment by the same tool of what another assesses already."""
    before: list[tuple[str, str, set[str | None], int]] = []
    for item in assessments if isinstance(assessments, list) else ():
        tool = find_tool(plain_text(item.get("tool"))) if isinstance(item, Mapping) else None
        if tool is None:
            continue
        split = plain_text(item.get("by"))
        outcomes: set[str | None] = {*_outcomes(item, vocabulary)} or {None}
        for other, other_split, others, line in before:
            shared = outcomes & others
            if (other, other_split) == (tool.name, split) and shared:
                name = min(filter(None, shared), default=None)
                of = "every outcome" if name is None else vocabulary.outcomes[name].label
                message = f"{tool.name} judges {of} a second time (first in line {line})"
                fix = "keep one, or name other outcomes in outcomes:"
                mistakes.refuse(item["tool"], "duplicate-assessment", message, fix)
                break
        before.append((tool.name, split, outcomes, item.line))


def _outcomes(item: Mapping, vocabulary: Vocabulary) -> Iterator[str]:
    listed = item.get("outcomes")
    for name in listed if isinstance(listed, list) else ():
        try:
            yield vocabulary.outcome(plain_text(name)).id
        except UnknownNameError:
            continue
