"""The tools by which a person judges risk of bias: their domains, their judgements, and where each is from.

Both tools judge one result of one comparison: an outcome, one intervention against another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from evisynth.vocabulary import fold_name

NOT_JUDGED = "not judged"
NO_INFORMATION = "no information"
OVERALL = "overall"
#: A beginning of fewer characters names no domain.
_SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class BiasTool:
    """A tool: ``domains`` in its order, ``judgements`` from the mildest to the most severe.

    ``unranked`` judgements say that nothing is known, which is neither mild nor severe. ``other_names`` are
    other ways to write a domain, by its name here. ``source`` is the paper that describes the tool.
    """

    name: str
    domains: tuple[str, ...]
    judgements: tuple[str, ...]
    source: str
    unranked: tuple[str, ...] = ()
    other_names: Mapping[str, tuple[str, ...]] | None = None
    written: tuple[str, ...] = ()

    @property
    def known_judgements(self) -> tuple[str, ...]:
        """Every judgement that the tool knows."""
        return (*self.judgements, *self.unranked)

    def letter(self, domain: str) -> str:
        """Return ``D1`` for the first domain, and so on."""
        return f"D{self.domains.index(domain) + 1}"

    @cached_property
    def _domain_index(self) -> Mapping[str, str]:
        index = {}
        for domain in self.domains:
            for name in (domain, self.letter(domain), *(self.other_names or {}).get(domain, ())):
                index[fold_name(name)] = domain
        return index

    def find_domain(self, name: str) -> str | None:
        """Return the domain of that name, letter or other name, or the one that begins so; else None."""
        found = self._domain_index.get(fold_name(name))
        if found is not None:
            return found
        begun = self.domains_beginning(name)
        return begun[0] if len(begun) == 1 else None

    def domains_beginning(self, name: str) -> tuple[str, ...]:
        """Return every domain that has a name beginning so, for beginnings that say something."""
        begun = fold_name(name)
        if len(begun) < _SHORTEST_BEGINNING:
            return ()
        found = {domain: None for folded, domain in self._domain_index.items() if folded.startswith(begun)}
        return tuple(domain for domain in self.domains if domain in found)

    def find_judgement(self, word: str) -> str | None:
        """Return the judgement, however it is spelled; None when the tool has no such judgement."""
        return {fold_name(known): known for known in self.known_judgements}.get(fold_name(word))

    def severity(self, judgement: str) -> int | None:
        """Return the rank of a judgement, 0 for the mildest; None where nothing is known or judged."""
        return self.judgements.index(judgement) if judgement in self.judgements else None


TOOLS: tuple[BiasTool, ...] = (
    BiasTool(
        name="ROBINS-I",
        domains=(
            "confounding",
            "selection of participants",
            "classification of interventions",
            "deviations from intended interventions",
            "missing data",
            "measurement of outcomes",
            "selection of the reported result",
        ),
        judgements=("low", "moderate", "serious", "critical"),
        unranked=(NO_INFORMATION,),
        source="Sterne et al 2016, BMJ 355:i4919",
        other_names={
            "selection of participants": ("participants",),
            "missing data": ("missing outcome data",),
            "measurement of outcomes": ("measurement of the outcome",),
            "selection of the reported result": ("reported result", "reporting"),
        },
        written=("ROBINS I",),
    ),
    BiasTool(
        name="RoB 2",
        domains=(
            "randomisation process",
            "deviations from intended interventions",
            "missing outcome data",
            "measurement of the outcome",
            "selection of the reported result",
        ),
        judgements=("low", "some concerns", "high"),
        source="Sterne et al 2019, BMJ 366:l4898",
        other_names={
            "randomisation process": ("randomization process",),
            "missing outcome data": ("missing data",),
            "measurement of the outcome": ("measurement of outcomes",),
            "selection of the reported result": ("reported result", "reporting"),
        },
        written=("Cochrane RoB 2", "RoB 2.0"),
    ),
)

_BY_NAME = {fold_name(name): tool for tool in TOOLS for name in (tool.name, *tool.written)}


def find_tool(name: str) -> BiasTool | None:
    """Return the tool of that name, whatever its capitals, spaces and hyphens; None when it is not known."""
    return _BY_NAME.get(fold_name(name))


def tool_named(name: str) -> BiasTool:
    """Return the tool of a name that was read before."""
    return _BY_NAME[fold_name(name)]
