"""Checks across studies: overlaps told differently, one publication in two files, no comparison to pool.

An overlap of patients need be written in one of the two files only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_cards import CardFigure, CardOverlap, StudyCard, StudyNames
from evisynth.checks.suspected_overlaps import (
    DECIDED,
    decided_pairs,
    most_shared,
    overlap_entry,
    treated_years_apart as years_apart,
    two_studies,
    years_text,
)
from evisynth.wording import counted

#: The code of an overlap with nobody; not told of a study whose file cannot be read.
UNKNOWN_STUDY = "overlap-unknown-study"


def check_unknown_study(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for overlaps with studies that nobody wrote, or with the study itself."""
    known = {card.id for card in cards}
    names = StudyNames(known)
    for card in cards:
        for overlap in card.overlaps:
            if overlap.with_study in known:
                yield FINE
                continue
            message = f"overlap with '{overlap.with_study}', which is no study here"
            about, fix = f"overlap with {overlap.with_study}", names.advice(overlap.with_study)
            yield _at(card, overlap, message, about, fix)


def _at(card: StudyCard, overlap: CardOverlap, message: str, about: str, fix: str = "") -> Found:
    return Found(overlap.line, overlap.column, message, about, fix, card.path)


def _recorded(cards: Sequence[StudyCard]) -> Iterator[tuple[StudyCard, CardOverlap, StudyCard]]:
    """Yield each recorded overlap between two studies that exist."""
    by_id = {card.id: card for card in cards}
    for card in cards:
        for overlap in card.overlaps:
            other = by_id.get(overlap.with_study)
            if other is not None and other is not card:
                yield card, overlap, other


def check_disagreement(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for pairs of studies whose files say different things of their overlap."""
    said = {(card.id, overlap.with_study): overlap for card, overlap, _ in _recorded(cards)}
    for card, overlap, other in _recorded(cards):
        answer = said.get((other.id, card.id))
        if answer is None or card.id > other.id:
            continue
        if answer.extent == overlap.extent:
            yield FINE
            continue
        message = f"'{card.id}' says {overlap.extent} overlap, '{other.id}' says {answer.extent}"
        yield _at(card, overlap, message, f"{other.id}: {overlap.extent}, {answer.extent}")


def check_years(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for overlaps of cohorts that were treated in different years."""
    for card, overlap, other in _recorded(cards):
        if overlap.extent == "none" or card.accrual is None or other.accrual is None:
            continue
        if not years_apart(card, other):
            yield FINE
            continue
        message = (
            f"{overlap.extent} overlap with '{other.id}', but no year in common: {years_text(card)} here, "
            f"{years_text(other)} there"
        )
        yield _at(card, overlap, message, f"{other.id}: {years_text(card)}, {years_text(other)}")


def check_recorded_overlap(cards: Sequence[StudyCard]) -> Outcomes:
    """Say of each recorded overlap how many patients can be shared at most."""
    told: set[frozenset[str]] = set()
    for card, overlap, other in _recorded(cards):
        pair = frozenset((card.id, other.id))
        if overlap.extent == "none":
            yield FINE
            continue
        if pair in told:
            continue
        told.add(pair)
        message = f"patients are shared with '{other.id}' ({overlap.extent}){most_shared(card, other)}"
        yield _at(card, overlap, message, f"{other.id}: {overlap.extent}{most_shared(card, other)}")


_OVERLAPS_CHECKS = (
    Check(
        code=UNKNOWN_STUDY,
        level="error",
        title="An overlap with a study that is not here",
        applies_when="a file records an overlap",
        test="The other study is one of the files, and another than itself.",
        fix="look at with: again",
        failing=two_studies(overlap_entry("twoo", "possible"), institution="not reported"),
        passing=two_studies(DECIDED),
        run=check_unknown_study,
        scope="collection",
    ),
    Check(
        code="overlap-disagrees",
        level="error",
        title="Two files that disagree on their overlap",
        applies_when="both files of a pair record their overlap",
        test="Both say the same extent; writing it in one file is enough.",
        fix="write it in one file only, or the same in both",
        failing=two_studies(DECIDED, overlap_entry("one", "contained")),
        passing=two_studies(DECIDED, overlap_entry("one", "possible")),
        run=check_disagreement,
        scope="collection",
    ),
    Check(
        code="overlap-against-years",
        level="error",
        title="An overlap of cohorts of different years",
        applies_when="an overlap is recorded, and both files have their years of treatment",
        test="The years meet.",
        fix="look at both accrual: and at extent: again",
        failing=two_studies(DECIDED, years="2012 to 2015"),
        passing=two_studies(DECIDED),
        run=check_years,
        scope="collection",
    ),
    Check(
        code="overlap-recorded",
        level="note",
        title="Studies that share patients",
        applies_when="a file records an overlap other than none",
        test="Says how many patients can be shared at most. Such studies are not pooled together unless "
        "the question "
        "says how.",
        formula="at most min(n, n of the like group)",
        fix="nothing to mend",
        failing=two_studies(DECIDED),
        passing=two_studies(overlap_entry("two", "none")),
        run=check_recorded_overlap,
        scope="collection",
    ),
)


#: What one number in two files tells.
_SAME = {
    "registration number": "both report the patients of one trial",
    "source text": "the same text is read twice",
}


def check_same_source(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for two files that read the same publication, or report the same registered trial."""
    first: dict[tuple[str, str], StudyCard] = {}
    decided = decided_pairs(cards)
    for card in cards:
        text = [("source text", card.text_sha256)] if card.text_sha256 is not None else []
        owners = [(kind, first.setdefault((kind, value), card)) for kind, value in (*card.identifiers, *text)]
        twins = {
            owner.id: (owner, kind)
            for kind, owner in reversed(owners)
            if owner is not card
            and not (kind == "registration number" and frozenset((owner.id, card.id)) in decided)
        }
        if not twins and owners:
            yield FINE
        for owner, kind in twins.values():
            message = f"the {kind} is that of {owner.path} too: {_SAME.get(kind, _TWICE)}"
            if kind != "source text" and frozenset((owner.id, card.id)) not in decided:
                message += "; one of the two stands for both until a file says otherwise"
            yield Found(1, 1, message, f"{owner.id}: {kind}", file=card.path)


_TWICE = "the same publication is read twice"


def check_report_of(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for reports of studies that are not here."""
    known = {card.id for card in cards}
    names = StudyNames(known)
    for card in cards:
        if card.report_of is None:
            continue
        if card.report_of in known and card.report_of != card.id:
            yield FINE
            continue
        message = f"report of '{card.report_of}', which is no study here"
        fix = names.advice(card.report_of) if card.report_of != card.id else ""
        yield Found(1, 1, message, f"report of {card.report_of}", fix, card.path)


def check_reports_differ(cards: Sequence[StudyCard]) -> Outcomes:
    """Compare the figures of two reports of the same patients, group by group."""
    for card, original, by_name in _reports_of_the_same(cards):
        theirs = _Matching(original, by_name=by_name)
        for figure in card.figures:
            before = theirs.of(card, figure)
            if before is None:
                continue
            if _agree(figure, before):
                yield FINE
                continue
            message = (
                f"{figure.what} of '{figure.group}': {figure.text} here, {before.text} in '{original.id}'"
            )
            about = f"{figure.what} of {figure.group}: {figure.text}, {before.text}"
            yield Found(figure.line, figure.column, message, about, file=card.path)


def _reports_of_the_same(cards: Sequence[StudyCard]) -> Iterator[tuple[StudyCard, StudyCard, bool]]:
    """Yield each report with the other report of its patients, and whether groups of one name are the same.

    They are in a second report of one cohort; of a cohort that lies inside a larger one, groups of one size
    are.
    """
    by_id = {card.id: card for card in cards}
    told: set[frozenset[str]] = set()
    links = [(card, by_id.get(card.report_of or ""), True) for card in cards]
    links += [
        (card, other, overlap.extent == "identical")
        for card, overlap, other in _recorded(cards)
        if overlap.extent in ("contained", "identical")
    ]
    for card, other, by_name in links:
        if other is not None and other is not card and frozenset((card.id, other.id)) not in told:
            told.add(frozenset((card.id, other.id)))
            yield card, other, by_name


class _Matching:
    """The figures of one report, found for those of another: by group, by label, or by the group's size."""

    def __init__(self, original: StudyCard, *, by_name: bool) -> None:
        self.by_name = by_name
        self._by_group = {(figure.group, figure.what): figure for figure in original.figures}
        self._by_label = {(figure.label.lower(), figure.what): figure for figure in original.figures}
        self._of_size: dict[int, list[str]] = {}
        for group in original.groups:
            self._of_size.setdefault(group.size, []).append(group.id)

    def of(self, card: StudyCard, figure: CardFigure) -> CardFigure | None:
        """Return the same figure of the same patients."""
        if self.by_name:
            found = self._by_group.get((figure.group, figure.what))
            return found or self._by_label.get((figure.label.lower(), figure.what))
        size = next((group.size for group in card.groups if group.id == figure.group), 0)
        alike = self._of_size.get(size, [])
        is_one = len(alike) == 1 and sum(group.size == size for group in card.groups) == 1
        return self._by_group.get((alike[0], figure.what)) if is_one and size >= _TELLING else None


#: Groups of one size are the same patients, in files of which one lies inside the other, from this size on.
_TELLING = 20


def _agree(one: CardFigure, other: CardFigure) -> bool:
    if one.state != other.state or (None not in (*one.ends, *other.ends) and one.ends != other.ends):
        return False
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return (one.low is None) == (other.low is None)
    exact = one.low == one.high or other.low == other.high
    slack = 1e-9 if exact else -1e-9  # 12.9% and 13.0% only touch
    return one.low <= other.high + slack and other.low <= one.high + slack


_REPORT = """\
id: abstract
groups:
  all: {{label: All, n: 226, at: line 1}}
---
id: paper
source: {{kind: journal article, report_of: {of}}}
groups:
  all: {{label: All, n: {n}, at: line 1}}
"""


_TWINS = """\
id: one
source: {{kind: journal abstract, doi: 10.1000/abc}}
groups:
  all: {{label: All, n: 226, at: line 1}}
---
id: two
source: {{kind: journal abstract, doi: 10.1000/{second}}}
groups:
  all: {{label: All, n: 40, at: line 1}}
"""


_REPORTS_CHECKS = (
    Check(
        code="same-source",
        level="warning",
        title="One publication in two files",
        applies_when="files have a DOI, a PubMed id, a registration number, or the hash of the text that was "
        "read",
        test="No two have the same; two reports of one registered trial say so. Until then one of the two "
        "stands for both.",
        fix="keep one file; a second report of the same patients says report_of: and has its own DOI",
        failing=_TWINS.format(second="abc"),
        passing=_TWINS.format(second="def"),
        run=check_same_source,
        scope="collection",
    ),
    Check(
        code="report-of-unknown",
        level="error",
        title="A report of a study that is not here",
        applies_when="a file says report_of:",
        test="That study is one of the files, and another than itself.",
        fix="look at report_of: again",
        failing=_REPORT.format(of="abstrakt", n=226),
        passing=_REPORT.format(of="abstract", n=226),
        run=check_report_of,
        scope="collection",
    ),
    Check(
        code="reports-differ",
        level="note",
        title="Two reports of the same patients that differ",
        applies_when="a file says report_of:, or an overlap that is identical or contained",
        test="Figures of the same group agree within their rounding. Groups are the same by id or label in "
        "reports of one cohort, by their size in cohorts of which one lies inside the other.",
        fix="compare both sources; each file keeps what its own source prints",
        failing=_REPORT.format(of="abstract", n=228),
        passing=_REPORT.format(of="abstract", n=226),
        run=check_reports_differ,
        scope="collection",
    ),
)


#: Of a single study its own findings tell as much.
_FEWEST_STUDIES = 2


def check_any_precise(studies: Sequence[StudyCard]) -> Outcomes:
    """Look for a collection in which no comparison of survival is printed with its precision."""
    printed = sum(card.contrasts.printed for card in studies)
    if len(studies) < _FEWEST_STUDIES or not printed:
        return
    if any(card.contrasts.precise for card in studies):
        yield FINE
        return
    message = (
        f"none of the {counted(printed, 'comparison')} of survival that {len(studies)} studies print between "
        "their own groups has an effect with its precision (a hazard ratio with an interval or an exact "
        "p-value, or an exact p-value with the deaths of both groups): what is recovered from rates and "
        "medians is weaker"
    )
    folder = studies[0].path.rpartition("/")[0]
    yield Found(
        1, 1, message, f"{printed} comparisons in {len(studies)} studies", file=folder or studies[0].path
    )


def _study(name: str, comparison: str) -> str:
    return (
        f"id: {name}\ngroups:\n  all: {{label: All, n: 120, at: line 1}}\n"
        "  yes: {label: Resected, n: 60, of: all, by: resection, at: line 1}\n"
        "  no: {label: Not resected, n: 60, of: all, by: resection, at: line 1}\n"
        f"comparisons:\n  - {{outcome: OS, of: [yes, no], {comparison}, basis: stated, at: line 3}}\n"
    )


_CONTRASTS_CHECKS = (
    Check(
        code="no-precise-comparison",
        level="note",
        title="No comparison of survival with its precision",
        applies_when="there are several studies, and comparisons of survival between their own groups",
        test="Some comparison has a hazard ratio with an interval or an exact p-value, or an exact p-value "
        "with the deaths of both groups.",
        formula="SE = (log U - log L)/(2 z); SE = |log HR|/z_p; SE = 1/sqrt(D r1 r0/N^2)",
        source="Parmar, Torri & Stewart 1998, Stat Med 17:2815-2834",
        fix="nothing to mend",
        failing=_study("one", "p: < 0.001") + "---\n" + _study("two", "p: 0.03"),
        passing=_study("one", "p: < 0.001")
        + "---\n"
        + _study("two", "hazard_ratio: 0.62 (95% CI 0.41 to 0.94)"),
        run=check_any_precise,
        scope="collection",
    ),
)


CHECKS: tuple[Check, ...] = (*_OVERLAPS_CHECKS, *_REPORTS_CHECKS, *_CONTRASTS_CHECKS)
