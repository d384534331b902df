"""A forest plot before it is drawn: rows in blocks, with every model, test and step that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evisynth.answers.answer import AnswerRow, Summary
from evisynth.answers.plots.forest_names import ForestKind
from evisynth.answers.plots.models_beside import ModelResult
from evisynth.answers.plots.subgroup_difference import Difference
from evisynth.answers.strata import StratifiedDifference

if TYPE_CHECKING:
    from evisynth.synthesis import PooledMany


@dataclass(frozen=True, slots=True)
class ForestBlock:
    """A block of rows under one heading, with its own summary where the question asks for one.

    ``models`` are the pooled results to draw for the summary. In a sequence each row is a pooled estimate,
    and ``steps`` holds what is known of it.
    """

    label: str
    rows: tuple[AnswerRow, ...]
    summary: Summary | None = None
    models: tuple[ModelResult, ...] = ()
    steps: PooledMany | None = None


@dataclass(frozen=True, slots=True)
class ForestSubject:
    """Everything that a forest plot shows, and nothing of how.

    ``models`` are those of the ``overall`` summary. ``difference`` is the test between the blocks, or why
    there is none. ``labels`` are the names to show for studies. ``places`` says, block by block, where each
    row stood in what was handed in; empty where the blocks have not moved any.
    """

    blocks: tuple[ForestBlock, ...]
    overall: Summary | None
    models: tuple[ModelResult, ...] = ()
    difference: Difference | StratifiedDifference | str | None = None
    kind: ForestKind = "forest"
    labels: Mapping[str, str] = field(default_factory=dict)
    places: tuple[int, ...] = ()

    def name_of(self, study: str) -> str:
        """Return the name to show for a study."""
        return self.labels.get(study, study)
