"""What the report is made of: the pipeline fills it, the views and templates only read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evisynth.errors import Finding
from evisynth.outcomes.reported_outcome import ReportedOutcome
from evisynth.report.bias_words import AssessmentContent
from evisynth.synthesis.answer import Answer
from evisynth.synthesis.multiverse import Multiverse


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about a study, with its place in the source and a web address where it has one."""

    label: str
    value: str
    source_location: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class GroupContent:
    """A group of patients in the tree of its study.

    ``depth`` is 0 for a group that is part of no other. ``size`` is the number of patients as printed, or in
    words where it is not a number. ``split`` says by what the group was parted from its whole. ``tags`` are
    the labels of its vocabulary terms, inherited ones left out.
    """

    id: str
    label: str
    depth: int
    size: str
    split: str | None = None
    tags: tuple[str, ...] = ()
    role: str = "own"
    source_location: str | None = None


@dataclass(frozen=True, slots=True)
class OverlapContent:
    """Another study whose patients may be the same."""

    study: str
    extent: str
    because: str


@dataclass(frozen=True, slots=True)
class StudyContent:
    """A study: where it comes from, whom it followed, what it reported.

    ``citation`` describes the source, ``cohort`` the patients. ``groups`` stand in the order of the tree, a
    whole before its parts. ``figures`` are the rows of ``evisynth query``. ``compared_by`` says, by the file
    location of a figure, by what the patients of one group are compared (primary site, year).
    """

    id: str
    path: str
    title: str
    citation: tuple[Fact, ...]
    cohort: tuple[Fact, ...]
    groups: tuple[GroupContent, ...]
    figures: tuple[ReportedOutcome, ...]
    overlaps: tuple[OverlapContent, ...] = ()
    findings: tuple[Finding, ...] = ()
    compared_by: Mapping[str, str] = field(default_factory=dict)
    risk_of_bias: tuple[AssessmentContent, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """A question with its answer and its forest plot, an SVG document as text.

    ``multiverses`` are its answer over every admissible choice, one for each summary; empty where nothing is
    pooled.
    """

    answer: Answer
    forest_svg: str
    multiverses: tuple[Multiverse, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """A plot of all studies, an SVG document as text, with what it shows."""

    name: str
    shows: str
    svg: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A term of the vocabulary; ``kind`` is ``outcome``, ``intervention``, ``extent``, ``site``, ..."""

    kind: str
    id: str
    label: str
    definition: str
    synonyms: tuple[str, ...] = ()
    more_is_better: bool | None = None


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything on the page, in the order in which it is shown.

    ``findings`` are those on all studies together. ``gallery`` says that the page of all plots stands beside
    this one.
    """

    title: str
    questions: tuple[QuestionContent, ...]
    studies: tuple[StudyContent, ...]
    definitions: tuple[Definition, ...]
    overviews: tuple[Overview, ...] = ()
    findings: tuple[Finding, ...] = ()
    gallery: bool = False
