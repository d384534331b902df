"""The content of a report: what it shows of answers, studies, vocabulary and risk of bias.

It is gathered here from where each is kept; views and templates only read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from evisynth.answers import Answer, Multiverse
from evisynth.errors import Finding
from evisynth.outcomes import BiasAssessment, ReportedOutcome, Review
from evisynth.quantities import Quantity
from evisynth.report.against_reviews import ReviewComparison, compare_with_reviews
from evisynth.report.since import SinceLastTime
from evisynth.studies import NOT_JUDGED, OVERALL, BiasTool, Figure, Group, Study, tool_named
from evisynth.vocabulary import SECTIONS, Vocabulary

if TYPE_CHECKING:
    from evisynth.report.explained_rows import Explanation
    from evisynth.studies import BiasAssessment as WrittenAssessment, BiasJudgement, Study


@dataclass(frozen=True, slots=True)
class JudgementContent:
    """One domain, with its letter, or the whole; ``judgement`` says where nobody judged."""

    letter: str
    domain: str
    judgement: str
    because: str
    source_location: str
    file_line: str


@dataclass(frozen=True, slots=True)
class AssessmentContent:
    """What was judged by one tool, and of what; ``source`` is the paper that describes the tool."""

    tool: str
    source: str
    about: str
    judgements: tuple[JudgementContent, ...]
    note: str | None = None


def assessment_words(assessment: BiasAssessment) -> str:
    """Say in a line what was judged overall and of each judged domain."""
    overall = assessment.overall.judgement or NOT_JUDGED
    parts = [f"{overall} overall"]
    parts += [f"{one.domain} {one.judgement}" for one in assessment.domains if one.judgement is not None]
    if len(parts) <= len(assessment.domains):
        parts.append(f"other domains {NOT_JUDGED}")
    return f"Risk of bias by {assessment.tool}: {'; '.join(parts)}."


def bias_content(study: Study, vocabulary: Vocabulary) -> tuple[AssessmentContent, ...]:
    """Describe what was judged of the risk of bias of a study, reasons and places included."""
    return tuple(_assessment(one, vocabulary) for one in study.risk_of_bias)


def _assessment(written: WrittenAssessment, vocabulary: Vocabulary) -> AssessmentContent:
    tool = tool_named(written.tool)
    named = [vocabulary.outcomes[outcome].label for outcome in written.outcomes]
    about = ", ".join(named) if named else "every outcome"
    compared = f", groups divided by {written.by}" if written.by else ""
    return AssessmentContent(
        tool.name, tool.source, f"{about}{compared}", tuple(_judgements(written, tool)), written.note
    )


def _judgements(written: WrittenAssessment, tool: BiasTool) -> Iterator[JudgementContent]:
    yield _judgement("", OVERALL, written.overall)
    for domain in tool.domains:
        yield _judgement(tool.letter(domain), domain, written.domains.get(domain))


def _judgement(letter: str, domain: str, judged: BiasJudgement | None) -> JudgementContent:
    if judged is None:
        return JudgementContent(letter, domain, NOT_JUDGED, "", "", "")
    return JudgementContent(
        letter, domain, judged.judgement, judged.because or "", judged.at or "", str(judged.line)
    )


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
    location of a figure, by what the patients of one group are compared (primary site, year). ``file_text``
    is the study file as it stands, ``label`` what figures call the study; empty: its id.
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
    file_text: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """A question with its answer and its forest plot, an SVG document as text.

    ``multiverses`` are its answer over every admissible choice, one for each summary; empty where nothing is
    pooled. ``explanation`` walks its rows back to the print, row by row in the order of the answer.
    ``randomised`` are studies whose groups were allotted by chance.
    """

    answer: Answer
    forest_svg: str
    multiverses: tuple[Multiverse, ...] = ()
    explanation: Explanation | None = None
    randomised: frozenset[str] = frozenset()


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
    this one. ``against_reviews`` sets answers beside the ``reviews`` that share their question. ``since``
    tells what changed since the answers were last other than they are.
    """

    title: str
    questions: tuple[QuestionContent, ...]
    studies: tuple[StudyContent, ...]
    definitions: tuple[Definition, ...]
    overviews: tuple[Overview, ...] = ()
    findings: tuple[Finding, ...] = ()
    gallery: bool = False
    reviews: tuple[Review, ...] = ()
    against_reviews: tuple[ReviewComparison, ...] = ()
    since: SinceLastTime | None = None


TITLE = "What the studies report, and what it adds up to"


def gather_report(
    answers: Sequence[QuestionContent],
    studies: Sequence[Study],
    reported: Sequence[ReportedOutcome],
    vocabulary: Vocabulary,
    findings: Sequence[Finding],
    reviews: Sequence[Review] = (),
    texts: Mapping[str, str] | None = None,
) -> ReportContent:
    """Put together what the page shows.

    Parameters
    ----------
    answers
        Each answer with its forest plot and what choices make of it.
    studies
        All studies that were read.
    reported
        The rows of ``evisynth query``, by study.
    vocabulary
        Where definitions come from.
    findings
        What the checks found; each study shows its own.
    reviews
        Published reviews, to set beside the answers.
    texts
        The study files as they stand, by study.
    """
    figures = {study: tuple(rows) for study, rows in groupby(reported, key=lambda row: row.study)}
    return ReportContent(
        title=TITLE,
        questions=tuple(answers),
        studies=tuple(
            replace(
                study_content(
                    study, vocabulary, figures.get(study.id, ()), findings, _overlaps_of(study, studies)
                ),
                file_text=(texts or {}).get(study.id, ""),
            )
            for study in studies
        ),
        definitions=tuple(_definitions(vocabulary)),
        findings=tuple(finding for finding in findings if not finding.file.endswith(".yaml")),
        reviews=tuple(reviews),
        against_reviews=compare_with_reviews(
            [content.answer for content in answers],
            reviews,
            {study.id: (study.label or study.id, study.source.year) for study in studies},
        ),
    )


def study_content(
    study: Study,
    vocabulary: Vocabulary,
    figures: tuple[ReportedOutcome, ...],
    findings: Sequence[Finding],
    overlaps: tuple[OverlapContent, ...],
) -> StudyContent:
    """Describe one study: source, patients, groups, figures."""
    return StudyContent(
        id=study.id,
        path=study.path,
        title=study.source.title or study.cohort.disease or study.id,
        citation=tuple(_citation(study)),
        cohort=tuple(_cohort(study)),
        groups=tuple(_groups(study, vocabulary)),
        figures=figures,
        overlaps=overlaps,
        findings=tuple(finding for finding in findings if finding.file == study.path),
        compared_by={
            f"{study.path}:{printed.figure.line}": block.by
            for block in study.comparisons
            if block.by
            for printed in block.figures
        },
        risk_of_bias=bias_content(study, vocabulary),
        label=study.label or "",
    )


def _overlaps_of(study: Study, studies: Sequence[Study]) -> tuple[OverlapContent, ...]:
    """Give the overlaps of a study, whichever of the two files says so."""
    own = {overlap.with_study: overlap for overlap in study.cohort.overlaps}
    for other in studies:
        for overlap in other.cohort.overlaps:
            if overlap.with_study == study.id:
                own.setdefault(other.id, overlap)
    return tuple(OverlapContent(name, overlap.extent, overlap.because) for name, overlap in own.items())


def _citation(study: Study) -> Iterator[Fact]:
    source = study.source
    yield Fact("Kind", source.kind)
    if source.coverage is not None:
        yield Fact("What was read", source.coverage)
    if source.authors:
        yield Fact("Authors", ", ".join(source.authors))
    where = " ".join(part for part in (source.journal, str(source.year or "")) if part)
    issue = f"({source.issue})" if source.issue else ""
    volume = f";{source.volume}{issue}" if source.volume else ""
    pages = f":{source.pages}" if source.pages else ""
    if where:
        yield Fact("Published", f"{where}{volume}{pages}")
    if source.doi:
        yield Fact("DOI", source.doi, link=f"https://doi.org/{source.doi}")
    if source.pmid:
        yield Fact("PMID", source.pmid, link=f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/")
    if source.url:
        yield Fact("Page", source.url, link=source.url)
    if source.report_of:
        yield Fact("Reports again", source.report_of)
    if source.sha256:
        yield Fact("SHA-256 of the text read", source.sha256)


def _cohort(study: Study) -> Iterator[Fact]:
    cohort = study.cohort
    accrual = f"{cohort.accrual[0]} to {cohort.accrual[1]}" if cohort.accrual else None
    follow_up = cohort.follow_up.median if cohort.follow_up else None
    facts: Mapping[str, str | None] = {
        "Disease": cohort.disease,
        "Design": cohort.design,
        "Institution": cohort.institution or "not reported",
        "Registry": cohort.registry,
        "Accrual": accrual or "not reported",
        "Median follow-up": follow_up.quantity.as_reported if follow_up else "not reported",
        "Screened": cohort.screened.quantity.as_reported if cohort.screened else None,
        "Left out": cohort.excluded,
    }
    for label, value in facts.items():
        if value:
            yield Fact(label, value, source_location=cohort.at if value != "not reported" else None)


def _groups(study: Study, vocabulary: Vocabulary) -> Iterator[GroupContent]:
    """Yield the groups as a tree, each whole before its parts."""

    def below(whole: str | None, depth: int) -> Iterator[GroupContent]:
        for name, group in study.groups.items():
            if group.of == whole:
                yield _group_content(name, group, study, vocabulary, depth)
                yield from below(name, depth + 1)

    yield from below(None, 0)


def _group_content(name: str, group: Group, study: Study, vocabulary: Vocabulary, depth: int) -> GroupContent:
    whole = study.groups[group.of] if group.of else None
    tags = tuple(
        vocabulary.term(kind, tag).label
        for kind in SECTIONS
        if (tag := getattr(group, kind)) and (whole is None or getattr(whole, kind) != tag)
    )
    place = f"{group.at} (also {group.also_at})" if group.at and group.also_at else group.at
    return GroupContent(
        id=name,
        label=group.label,
        depth=depth,
        size=_size(group.n),
        split=group.by if group.of else None,
        tags=tags,
        role=group.role,
        source_location=place,
    )


def _size(figure: Figure | None) -> str:
    if figure is None or figure.quantity.state == "not_reported":
        return "not reported"
    quantity: Quantity = figure.quantity
    return f"{quantity.as_reported} (worked out)" if figure.worked_out else quantity.as_reported


def _definitions(vocabulary: Vocabulary) -> Iterator[Definition]:
    for outcome in vocabulary.outcomes.values():
        yield Definition(
            "outcome", outcome.id, outcome.label, outcome.definition, outcome.synonyms, outcome.more_is_better
        )
    for kind, terms in vocabulary.terms.items():
        for term in terms.values():
            yield Definition(kind, term.id, term.label, term.definition, term.synonyms)
