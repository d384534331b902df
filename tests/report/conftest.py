"""A small report made by hand: one pooled question, one refused, two studies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evisynth.answers import Answer, answer_question
from evisynth.effects import Effect, Input
from evisynth.errors import Finding
from evisynth.outcomes import (
    Arm,
    Comparison,
    Departure,
    GroupSelector,
    GroupSize,
    Question,
    ReportedOutcome,
    RowGroup,
)
from evisynth.report import (
    Definition,
    Fact,
    GroupContent,
    OverlapContent,
    QuestionContent,
    ReportContent,
    StudyContent,
)

SVG = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"
 role="img" aria-labelledby="title-1 desc-1">
 <title id="title-1">A plot</title><desc id="desc-1">It shows a square.</desc>
 <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>
 <defs><path id="m1" d="M0 0"/><clipPath id="p1"><rect width="9" height="9"/></clipPath></defs>
 <g clip-path="url(#p1)"><use xlink:href="#m1"/><text>id="m1" stays in text</text></g>
</svg>
"""

RESECTED, NOT_RESECTED = (
    GroupSelector({"intervention": ("resection",)}),
    GroupSelector({"intervention": ("none",)}),
)


@pytest.fixture
def svg() -> str:
    return SVG


@pytest.fixture
def question() -> Question:
    return Question(
        id="resection",
        title="Resection & survival",
        why="It is asked first.",
        outcome="overall_survival",
        effect_measure="hazard_ratio",
        row_groups=(RowGroup("All sites", RESECTED, NOT_RESECTED),),
        left_out=(Departure("left-out-study", "it is an earlier report"),),
    )


@pytest.fixture
def figure() -> Callable[..., ReportedOutcome]:
    def build(**changes: Any) -> ReportedOutcome:
        values: dict[str, Any] = {
            "study": "s1", "group": "R", "group_label": "Resected", "n": 80, "outcome": "overall_survival",
            "statistic": "hazard_ratio", "time_months": None, "value": 0.62, "ci_lower": 0.41,
            "ci_upper": 0.94, "level": 0.95, "qualifier": "=", "state": "reported", "unit": "ratio",
            "compared_with": ("N",), "as_reported": "0.62 (95% CI 0.41 to 0.94)",
            "source_location": "table 2", "file_location": "studies/s1.yaml:12", "lower": None, "upper": None,
            "adjusted": None, "role": "own",
        }  # fmt: skip
        return ReportedOutcome(**{**values, **changes})

    return build


def _arm(study: str, group: str, label: str, n: int) -> Arm:
    size = GroupSize((n,), "printed", str(n), "line 3")
    return Arm(study, group, label, size, {}, "own", (), lineage=((group, "resection"), ("all", None)))


@pytest.fixture
def answer(question: Question) -> Callable[..., Answer]:
    """Answer the question from one log hazard ratio a study; each has a refused alternative."""

    def build(*estimates: float, question: Question = question, **changes: Any) -> Answer:
        rows, recoveries = [], []
        for place, estimate in enumerate(estimates, start=1):
            study = f"s{place}"
            row = Comparison(
                study, "All sites", "overall_survival",
                _arm(study, "R", "Resected", 80), _arm(study, "N", "Not resected", 37),
            )  # fmt: skip
            shared: dict[str, Any] = {
                "study": study, "comparison": row.name, "index_group": "R", "reference_group": "N",
                "row_group": "All sites", "effect_measure": "hazard_ratio", "scale": "log",
            }  # fmt: skip
            printed = Input(
                "hazard ratio", "0.62 (95% CI 0.41 to 0.94)", "table 2", f"studies/{study}.yaml:12"
            )
            values: dict[str, Any] = {
                "recovery": "hazard_ratio_with_interval", "kind": "point", "grade": "A", "estimate": estimate,
                "standard_error": 0.25, "rounding_lower": estimate - 0.05, "rounding_upper": estimate + 0.05,
                "primary": True, "inputs": (printed,), "assumptions": ("hazards are proportional",),
                "downgrades": ("rounding is coarse",), "flags": ("few_at_risk",), "index_size": 80,
                "reference_size": 37, "participants": 117,
            }  # fmt: skip
            other = Effect(
                **shared, recovery="median_contrast", kind="refused", grade="X", reason="no medians"
            )
            rows.append(row)
            recoveries.append((Effect(**shared, **{**values, **changes}), other))
        return answer_question(question, rows, recoveries)

    return build


@pytest.fixture
def content(answer: Callable[..., Answer], figure: Callable[..., ReportedOutcome]) -> ReportContent:
    studies = tuple(
        StudyContent(
            id=study,
            path=f"studies/{study}.yaml",
            title=f"Series {study} <b>of</b> operations",
            citation=(Fact("DOI", "10.1000/xyz", None, "https://doi.org/10.1000/xyz"),),
            cohort=(Fact("Accrual", "2000 to 2020", "line 2"),),
            groups=(
                GroupContent("all", "All", 0, "117", source_location="line 3"),
                GroupContent("R", "Resected", 1, "80", "resection", ("Resection",), "own", "line 4"),
            ),
            figures=(
                figure(study=study, file_location=f"studies/{study}.yaml:12"),
                figure(
                    study=study, statistic="p_value", value=0.02, ci_lower=None, ci_upper=None, level=None,
                    unit="probability", as_reported="0.02", file_location=f"studies/{study}.yaml:12",
                ),
            ),
            overlaps=(OverlapContent("s2", "possible", "Same years."),) if study == "s1" else (),
            findings=(Finding(f"studies/{study}.yaml", 9, 1, "sum", "warning", "parts exceed the whole"),),
        )
        for study in ("s1", "s2", "s3", "s4")
    )  # fmt: skip
    return ReportContent(
        title="Evidence on <operations>",
        questions=(
            QuestionContent(answer(-0.5, -0.2, -0.9, -0.1), SVG),
            QuestionContent(answer(-0.5, question=_second()), SVG),
        ),
        studies=studies,
        definitions=(
            Definition("outcome", "overall_survival", "Overall survival", "Time to death.", ("OS",), True),
            Definition("site", "liver", "Liver only", "Metastases in the liver and nowhere else."),
        ),
    )


def _second() -> Question:
    return Question(
        id="one-row",
        title="One row",
        why="To see a refusal.",
        outcome="overall_survival",
        effect_measure="hazard_ratio",
        row_groups=(RowGroup("All sites", RESECTED, NOT_RESECTED),),
    )
