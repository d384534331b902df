"""Whether two files report the same patients, or even read the same publication."""

from __future__ import annotations

from collections.abc import Sequence

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_card import CardFigure, StudyCard
from evisynth.checks.study_names import StudyNames


def check_same_source(cards: Sequence[StudyCard]) -> Outcomes:
    """Look for two files that read the same publication."""
    first: dict[tuple[str, str], StudyCard] = {}
    for card in cards:
        twins = {
            owner.id: (owner, kind)
            for kind, value in card.identifiers
            if (owner := first.setdefault((kind, value), card)) is not card
        }
        if not twins and card.identifiers:
            yield FINE
        for owner, kind in twins.values():
            message = f"the {kind} is that of {owner.path} too: the same publication is read twice"
            yield Found(1, 1, message, f"{owner.id}: {kind}", file=card.path)


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
    by_id = {card.id: card for card in cards}
    for card in cards:
        original = by_id.get(card.report_of or "")
        if original is None or original is card:
            continue
        theirs = {(figure.group, figure.what): figure for figure in original.figures}
        by_label = {(figure.label.lower(), figure.what): figure for figure in original.figures}
        for figure in card.figures:
            before = theirs.get((figure.group, figure.what)) or by_label.get(
                (figure.label.lower(), figure.what)
            )
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


CHECKS = (
    Check(
        code="same-source",
        level="warning",
        title="One publication in two files",
        applies_when="files have a DOI, a PubMed id, or the hash of the text that was read",
        test="No two have the same.",
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
        applies_when="a file says report_of:",
        test="Figures of the same group (by id or label) agree within their rounding.",
        fix="compare both sources; each file keeps what its own source prints",
        failing=_REPORT.format(of="abstract", n=228),
        passing=_REPORT.format(of="abstract", n=226),
        run=check_reports_differ,
        scope="collection",
    ),
)
