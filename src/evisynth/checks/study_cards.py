"""Study cards: what the checks across studies need of each, small enough to pass between processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evisynth.checks.coincidences import SHARES, Printed, print_words, printed_count
from evisynth.checks.same_patients import one_spelling
from evisynth.checks.study_view import Reported, StudyView, high, is_point, low
from evisynth.near_names import suggestion_text
from evisynth.printed_statistics import STATISTICS
from evisynth.quantities import Quantity, State
from evisynth.studies import ComparisonBlock, OverlapExtent, Study
from evisynth.wording import time_words


class Contrasts(NamedTuple):
    """How many comparisons of survival between two own groups a study prints, and how many precisely."""

    printed: int
    precise: int


def count_contrasts(view: StudyView) -> Contrasts:
    """Count the comparisons of survival between two groups of the study."""
    own = [
        block
        for block in view.study.comparisons
        if view.vocabulary.outcomes[block.outcome].type == "time_to_event"
        and len(block.of) == 2
        and all(view.is_own(group) for group in block.of)
    ]
    return Contrasts(len(own), sum(_is_precise(view, block) for block in own))


def _is_precise(view: StudyView, block: ComparisonBlock) -> bool:
    """Say whether an effect with a standard error follows without knowing the curves."""
    exact_p = False
    hazard_ratio = False
    for one in block.figures:
        quantity = one.figure.quantity
        if quantity.value is None or quantity.qualifier != "=":
            continue
        if one.statistic == "p_value":
            exact_p = 0 < quantity.value < 1
        elif "hazard_ratio" in (one.statistic, block.read_as):
            hazard_ratio = True
            if quantity.ci_lower is not None and quantity.ci_upper is not None:
                return True
    deaths = all(view.find(block.outcome, group, "count") is not None for group in block.of)
    return exact_p and (hazard_ratio or deaths)


class CardOverlap(NamedTuple):
    """An overlap as one file records it."""

    with_study: str
    extent: OverlapExtent
    line: int
    column: int


class CardAcknowledgement(NamedTuple):
    """A finding that a study file lets stand."""

    finding: str
    about: str | None
    because: str
    line: int
    column: int


class CardFigure(NamedTuple):
    """A figure or a group's size, to compare between reports of the same patients.

    ``low`` and ``high`` are what rounds to it; ``ends`` the range printed with it.
    """

    group: str
    label: str
    what: str
    text: str
    state: State
    low: float | None
    high: float | None
    ends: tuple[float | None, float | None]
    line: int
    column: int


class CardGroup(NamedTuple):
    """An own group of known size; ``whole`` and ``split`` say of what it is a part, and by what.

    ``sited`` says that the site of its metastases is given.
    """

    id: str
    population: str | None
    size: int
    whole: str | None
    split: str | None
    sited: bool = False


class StudyCard(NamedTuple):
    """Identity, cohort and figures of a study.

    ``identifiers`` are the numbers of its publication and its trial, ``text_sha256`` that of the text read;
    ``prints`` what tells two reports of one cohort. ``is_apart`` says that its groups which are part of no
    other are of different patients.
    """

    id: str
    path: str
    institution: str | None
    registry: str | None
    accrual: tuple[int, int] | None
    authors: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    text_sha256: str | None
    report_of: str | None
    overlaps: tuple[CardOverlap, ...]
    acknowledged: tuple[CardAcknowledgement, ...]
    groups: tuple[CardGroup, ...]
    figures: tuple[CardFigure, ...]
    prints: tuple[Printed, ...]
    contrasts: Contrasts
    is_apart: bool = True


def study_card(view: StudyView) -> StudyCard:
    """Write the card of a study."""
    study = view.study
    source, cohort = study.source, study.cohort
    identifiers = [
        ("DOI", source.doi),
        ("PubMed id", source.pmid),
        ("registration number", source.registration),
    ]
    return StudyCard(
        id=study.id,
        path=study.path,
        institution=cohort.institution,
        registry=cohort.registry,
        accrual=cohort.accrual,
        authors=source.authors,
        identifiers=tuple(one_spelling(kind, value) for kind, value in identifiers if value),
        text_sha256=source.sha256,
        report_of=source.report_of,
        overlaps=tuple(
            CardOverlap(one.with_study, one.extent, one.line, one.column) for one in cohort.overlaps
        ),
        acknowledged=tuple(
            CardAcknowledgement(one.finding, one.about, one.because, one.line, one.column)
            for one in study.acknowledged
        ),
        groups=tuple(
            CardGroup(
                name,
                group.population,
                size.most,
                group.of,
                group.by,
                sited=group.site is not None,
            )
            for name, group in study.groups.items()
            if group.role == "own" and (size := view.size(name)) is not None and size.known
        ),
        figures=(*_sizes(study), *(_figure(study, one) for one in view.figures if view.is_own(one.group))),
        prints=tuple(_prints(view)),
        contrasts=count_contrasts(view),
        is_apart=_roots_are_apart(view),
    )


def _roots_are_apart(view: StudyView) -> bool:
    """Say whether the groups that are part of no other are of different patients, as the arms of a trial.

    Where some were treated and others have no treatment of their own, and nothing compares them, these may be
    patients of the former: those operated on, and those who had a recurrence.
    """
    roots = {
        name: group.intervention is not None or group.extent is not None
        for name, group in view.study.groups.items()
        if group.of is None and group.role == "own" and view.exact_size(name)
    }
    compared = {root for block in view.study.comparisons if len(block.of) > 1 for root in block.of}
    return len(set(roots.values())) < 2 or compared.issuperset(roots)


def _prints(view: StudyView) -> Iterator[Printed]:
    """Give what tells two reports of one cohort: figures of own groups of known size, and effects."""
    for one in view.figures:
        size = view.size(one.group)
        if not view.is_own(one.group) or not is_point(one.quantity) or size is None or not size.known:
            continue
        count, of = one.quantity.count, view.denominator(one) or size.most
        event = (one.outcome.event or "event") if one.outcome.type == "time_to_event" else None
        what = print_words(one.statistic, one.outcome.label, one.time, event, one.block.of_event)
        if one.statistic in SHARES and count is not None:
            yield printed_count(size.most, max(of, 1), what, count)
        else:
            yield _printed(size.most, what, one.quantity)
    for block in view.study.comparisons:
        label = view.vocabulary.outcomes[block.outcome].label
        for figure in block.figures:
            if STATISTICS[figure.statistic].is_effect and is_point(figure.figure.quantity):
                what = print_words(figure.statistic, label, figure.time_months)
                yield _printed(None, what, figure.figure.quantity)


def _printed(size: int | None, what: str, quantity: Quantity) -> Printed:
    ends = quantity.ci_lower, quantity.ci_upper
    interval = None if None in ends else tuple(round(end, 9) for end in ends if end is not None)
    half_unit = quantity.half_unit or 0.0
    return Printed(size, what, round(abs(quantity.value or 0.0), 9), round(half_unit, 9), interval)  # type: ignore[arg-type]


def _sizes(study: Study) -> list[CardFigure]:
    return [
        _card_figure(name, group.label, "patients", group.n.quantity, (group.n.line, group.n.column))
        for name, group in study.groups.items()
        if group.n is not None and group.role == "own"
    ]


def _figure(study: Study, one: Reported) -> CardFigure:
    when = f" at {time_words(one.time)}" if one.time is not None else ""
    what = f"{one.statistic} of {one.outcome.label.lower()}{when}"
    label = study.groups[one.group].label
    return _card_figure(one.group, label, what, one.quantity, (one.figure.line, one.figure.column))


def _card_figure(group: str, label: str, what: str, quantity: Quantity, place: tuple[int, int]) -> CardFigure:
    known = quantity.value is not None
    return CardFigure(
        group=group,
        label=label,
        what=what,
        text=quantity.as_reported,
        state=quantity.state,
        low=low(quantity) if known else None,
        high=high(quantity) if known else None,
        ends=(quantity.lower, quantity.upper),
        line=place[0],
        column=place[1],
    )


#: Near misses are looked for so many times at most: each time walks all names.
_MOST_LOOKED_FOR = 20


class StudyNames:
    """The names of all studies, with what to type instead of others."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(names)
        self._advice: dict[str, str] = {}

    def advice(self, name: str) -> str:
        """Say what to type instead of a name; empty past the first few unknown ones."""
        if name not in self._advice and len(self._advice) < _MOST_LOOKED_FOR:
            self._advice[name] = suggestion_text(name, self.names)
        return self._advice.get(name, "")
