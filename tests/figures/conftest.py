"""Answers made by hand: what the five abstracts give, and what a figure must survive."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from five_studies import FIVE_ANSWERED

from evisynth.answers import Answer, AnswerRow, Summary
from evisynth.effects import Effect, Input
from evisynth.outcomes import (
    Baseline,
    BiasAssessment,
    BiasJudgement,
    Departure,
    GroupSelector,
    Question,
    RowGroup,
)
from evisynth.studies import tool_named
from evisynth.synthesis import PooledResult

Z = NormalDist().inv_cdf(0.975)


def log_minus_log(survival: float) -> float:
    return math.log(-math.log(survival))


def logit(share: float) -> float:
    return math.log(share / (1 - share))


def pooled(
    effects: list[tuple[float, float]],
    tau_squared: float = 0.0,
    *,
    method: str = "REML",
    effect_measure: str | None = None,
    labels: tuple[str, ...] | None = None,
    prediction: tuple[float, float] | None = None,
) -> PooledResult:
    """Pool by inverse variance at a given tau squared: enough to fill every field of a result."""
    y = np.array([estimate for estimate, _ in effects])
    v = np.array([se**2 for _, se in effects])
    w = 1 / (v + tau_squared)
    mu, se = float(np.average(y, weights=w)), float(w.sum() ** -0.5)
    fixed = float(np.average(y, weights=1 / v))
    q = float(np.sum((y - fixed) ** 2 / v))
    degrees = len(y) - 1
    return PooledResult(
        estimate=mu,
        standard_error=se,
        ci_lower=mu - Z * se,
        ci_upper=mu + Z * se,
        p_value=2 * NormalDist().cdf(-abs(mu / se)),
        tau_squared=tau_squared,
        i_squared=max(0.0, (q - degrees) / q) if q > 0 else 0.0,
        h_squared=q / degrees if degrees else 1.0,
        q_statistic=q,
        q_p_value=0.03,
        prediction_lower=None if prediction is None else prediction[0],
        prediction_upper=None if prediction is None else prediction[1],
        row_count=len(y),
        weights=w / w.sum(),
        method=method,
        interval="hksj" if method != "common" else "wald",
        level=0.95,
        y=y,
        v=v,
        labels=labels,
        effect_measure=effect_measure,
    )


def row(study: str, block: str, measure: str, scale: Any, **fields: Any) -> AnswerRow:
    """Make a row; words about the row itself are taken out of the fields of its effect."""
    index_label = fields.pop("index_label", "Operated")
    reference_label = fields.pop("reference_label", None)
    included = fields.pop("included", True)
    why = fields.pop("why", None)
    weight = fields.pop("weight", None)
    effect = Effect(
        **{
            "study": study,
            "comparison": "A vs B" if reference_label else "A",
            "index_group": "A",
            "reference_group": "B" if reference_label else None,
            "row_group": block,
            "effect_measure": measure,
            "scale": scale,
            "recovery": "by hand",
            "kind": "point",
            "grade": "C",
            "primary": True,
            **fields,
        }
    )
    return AnswerRow(effect, (), included, why, weight, index_label, reference_label)


def selector(**tags: str) -> GroupSelector:
    return GroupSelector({kind: (term,) for kind, term in tags.items()})


def question(title: str, measure: Any, blocks: list[RowGroup], **fields: Any) -> Question:
    return Question(
        id="made-by-hand",
        title=title,
        why="",
        outcome="overall_survival",
        effect_measure=measure,
        row_groups=tuple(blocks),
        **fields,
    )


def with_weights(rows: list[AnswerRow], result: PooledResult | None) -> tuple[AnswerRow, ...]:
    """Hand the weights of a result to the included rows, in order."""
    if result is None:
        return tuple(rows)
    weights: Iterator[float] = iter(result.weights.tolist())
    return tuple(replace(r, weight=next(weights)) if r.included else r for r in rows)


NONE = Summary("", None, None, 0, 0, None, exploratory=False)


def _hazard(study: str, block: str, beta: float, se: float, n: tuple[int, int], **more: Any) -> AnswerRow:
    return row(
        study,
        block,
        "hazard_ratio",
        "log",
        estimate=beta,
        standard_error=se,
        index_size=n[0],
        reference_size=n[1],
        **more,
    )


def resection() -> Answer:
    """METHODS TV-14: one study, three contrasts at 10 years, hazards of the first not proportional."""
    return FIVE_ANSWERED.answer("resection-overall-survival")


def exploratory() -> Answer:
    """More against less surgery: points, a bound, a refusal, and a hollow diamond."""
    blocks = [
        RowGroup(
            "Resected against not resected",
            selector(intervention="resection"),
            selector(intervention="no_resection"),
        ),
        RowGroup("Complete against incomplete", selector(extent="complete"), selector(extent="incomplete")),
        RowGroup(
            "At least 70% against less", selector(extent="at_least_70%"), selector(extent="less_than_70%")
        ),
    ]
    first, second, third = (block.label for block in blocks)
    numbers = [
        (-1.384935, 0.327839),
        (-0.115833, 0.787724),
        (-0.292356, 0.382610),
        (-0.203228, 0.527714),
        (-0.586, 0.2),
        (-0.455, 0.31),
    ]
    result = pooled(numbers, 0.12, prediction=(-1.55, 0.31))
    rows = [
        _hazard(
            "midgut-debulking",
            first,
            *numbers[0],
            (80, 37),
            index_label="Liver resected",
            reference_label="Liver not resected",
            flags=("non_PH_suspected",),
            grade="D",
        ),
        _hazard(
            "midgut-debulking",
            first,
            *numbers[1],
            (31, 6),
            index_label="Extrahepatic resected",
            reference_label="Extrahepatic not resected",
            grade="D",
            flags=("few_at_risk",),
        ),
        _hazard(
            "midgut-debulking",
            first,
            *numbers[2],
            (147, 18),
            index_label="Liver and other sites resected",
            reference_label="not resected",
        ),
        _hazard(
            "net-liver-surgery-34",
            second,
            *numbers[3],
            (22, 12),
            index_label="R0 or R1 resection",
            reference_label="R2 resection",
            grade="D",
        ),
        _hazard(
            "mayo-sinet-peritoneal-2024",
            second,
            *numbers[4],
            (164, 47),
            grade="D",
            index_label="Liver metastases, complete cytoreduction",
            reference_label="liver metastases, incomplete cytoreduction with debulking above 90%",
        ),
        _hazard(
            "mayo-sinet-peritoneal-2024",
            second,
            *numbers[5],
            (28, 22),
            grade="D",
            index_label="Liver and peritoneal metastases, complete cytoreduction",
            reference_label="incomplete cytoreduction",
        ),
        row(
            "gudmundsdottir-2023",
            second,
            "hazard_ratio",
            "log",
            kind="refused",
            grade="X",
            reason="the figures of the groups compared are not printed",
            included=False,
            index_label="Complete cytoreduction",
            reference_label="incomplete cytoreduction",
        ),
        row(
            "parenchyma-sparing-debulking",
            third,
            "hazard_ratio",
            "log",
            kind="bound",
            grade="X",
            upper=math.log(0.592572),
            reason="only p = 0.009 is printed, no number of deaths",
            included=False,
            why="only a bound can be recovered from a p-value without the number of deaths",
            participants=108,
            index_label="At least 70% of liver disease removed",
            reference_label="less than 70%",
        ),
    ]
    summary = Summary(
        "",
        result,
        None,
        6,
        3,
        614,
        exploratory=True,
        cautions=(
            "all but one row are grade D: recovered from medians or rates without number at risk",
            "the contrasts differ in kind (resection, completeness, share removed)",
        ),
    )
    return Answer(
        question(
            "More against less surgery, overall survival",
            "hazard_ratio",
            blocks,
            minimum_grade="D",
            mixed=(Departure("kind of contrast", "the question asks what the scraps add up to."),),
            left_out=(Departure("registry-1987", "its patients are contained in midgut-debulking"),),
        ),
        with_weights(rows, result),
        summary,
        (),
        "log",
    )


def survival_by_group() -> Answer:
    """Survival at 10 years, summarised by row group, on the decreasing log(-log) scale."""
    arms = {
        "Resected": [
            ("Liver resected", 0.79, 80),
            ("Extrahepatic resected", 0.70, 31),
            ("Both resected", 0.64, 147),
        ],
        "Not resected": [
            ("Liver not resected", 0.39, 37),
            ("Extrahepatic not resected", 0.67, 6),
            ("Neither resected", 0.55, 18),
        ],
    }
    rows: list[AnswerRow] = []
    summaries = []
    for block, groups in arms.items():
        numbers = [(log_minus_log(s), math.sqrt((1 - s) / (n * s)) / abs(math.log(s))) for _, s, n in groups]
        result = pooled(numbers, 0.05)
        rows += with_weights(
            [
                row(
                    "midgut-debulking",
                    block,
                    "survival",
                    "log(-log)",
                    estimate=g,
                    standard_error=se,
                    index_size=n,
                    index_label=label,
                    grade="C" if n > 10 else "D",
                )
                for (label, _, n), (g, se) in zip(groups, numbers, strict=True)
            ],
            result,
        )
        summaries.append(Summary(block, result, None, 3, 1, sum(n for *_, n in groups), exploratory=True))
    blocks = [
        RowGroup("Resected", selector(intervention="resection")),
        RowGroup("Not resected", selector(intervention="no_resection")),
    ]
    return Answer(
        question(
            "Overall survival at 10 years",
            "survival",
            blocks,
            time_months=120.0,
            minimum_grade="D",
            summary="by_row_group",
        ),
        tuple(rows),
        replace(NONE, refused="summarised by row group"),
        tuple(summaries),
        "log(-log)",
    )


def medians() -> Answer:
    """Medians in months: intervals, medians without, one not reached, one bound; pooling refused."""
    block = "After surgery"

    def median(study: str, label: str, m: float, se: float, n: int, grade: str = "D") -> AnswerRow:
        return row(
            study,
            block,
            "median",
            "log",
            estimate=math.log(m),
            standard_error=se,
            index_size=n,
            index_label=label,
            grade=grade,
            included=grade != "D",
            why="grade D, and this question asks for C or better" if grade == "D" else None,
        )

    rows = (
        median("midgut-debulking", "Liver resected", 151, 0.161298, 80),
        median("midgut-debulking", "Liver and other sites resected", 142, 0.118991, 147),
        row(
            "midgut-debulking",
            block,
            "median",
            "log",
            kind="refused",
            grade="X",
            reason="median not reached",
            index_size=31,
            index_label="Extrahepatic resected",
            included=False,
        ),
        median("net-liver-surgery-34", "R0 or R1 resection", 87, 0.4516, 22, "B"),
        median("net-liver-surgery-34", "R2 resection", 71, 0.2731, 12, "B"),
        median("gudmundsdottir-2023", "Cytoreductive hepatectomy", 122, 0.061742, 546),
        median("parenchyma-sparing-debulking", "Pancreatic", 126, 0.272644, 28),
        row(
            "parenchyma-sparing-debulking",
            block,
            "median",
            "log",
            kind="bound",
            lower=math.log(60.0),
            grade="X",
            index_size=80,
            index_label="Small bowel",
            included=False,
            why="median not reached: only a lower bound",
        ),
    )
    return Answer(
        question(
            "Median overall survival after surgery",
            "median",
            [RowGroup(block, selector(intervention="surgery"))],
        ),
        rows,
        replace(
            NONE,
            refused="the series start their clocks at different times (diagnosis, surgery, not stated)",
        ),
        (),
        "log",
    )


def proportions() -> Answer:
    """Deaths within 30 and 90 days: few events, a zero that is only a bound, one block refused."""
    early, late = "Within 30 days", "Within 90 days"

    def share(study: str, block: str, x: int, n: int, grade: str = "A") -> AnswerRow:
        p = x / n
        return row(
            study,
            block,
            "proportion",
            "logit",
            estimate=logit(p),
            index_label="Operated",
            standard_error=1 / math.sqrt(n * p * (1 - p)),
            index_size=n,
            events=x,
            grade=grade,
        )

    early_rows = [
        share("gudmundsdottir-2023", early, 9, 546),
        share("made-up-series", early, 4, 150, "B"),
    ]
    result = pooled(
        [(r.effect.estimate or 0.0, r.effect.standard_error or 1.0) for r in early_rows], method="common"
    )
    zero = row(
        "parenchyma-sparing-debulking",
        early,
        "proportion",
        "logit",
        kind="bound",
        recovery="proportion_exact_interval",
        upper=logit(0.03358),
        index_size=108,
        events=0,
        included=False,
        why="no deaths: only an upper limit",
        grade="X",
        index_label="Parenchyma-sparing debulking",
    )
    late_row = share("gudmundsdottir-2023", late, 15, 546)
    question_ = question(
        "Death within 30 and within 90 days of surgery",
        "proportion",
        [
            RowGroup(early, selector(intervention="surgery"), time_months=0.99),
            RowGroup(late, selector(intervention="surgery")),
        ],
        summary="by_row_group",
    )
    return Answer(
        question_,
        (*with_weights(early_rows, result), zero, late_row),
        replace(NONE, refused="summarised by row group"),
        (
            Summary(early, result, None, 2, 2, 696, exploratory=False),
            Summary(late, None, "one row; there is nothing to pool", 1, 1, 546, exploratory=False),
        ),
        "logit",
    )


def clipped() -> Answer:
    """A random-effects answer with long intervals, weights far apart, and a prediction interval."""
    numbers = [(-0.478, 0.21), (-0.223, 0.305), (-0.868, 0.402), (-0.105, 0.182), (0.9, 2.4), (-1.9, 1.9)]
    result = pooled(numbers, 0.017, prediction=(-0.95, 0.28))
    block = "Trials"
    rows = [
        _hazard(
            f"trial-{i}",
            block,
            *number,
            (40 * i, 38 * i),
            index_label="Operated",
            reference_label="not operated",
            grade="A",
        )
        for i, number in enumerate(numbers, start=1)
    ]
    return Answer(
        question(
            "Operation against none",
            "hazard_ratio",
            [RowGroup(block, selector(intervention="operation"), selector(intervention="no_operation"))],
        ),
        with_weights(rows, result),
        Summary("", result, None, 6, 6, 1638, exploratory=False),
        (),
        "log",
    )


HOSTILE = (
    "",
    "   ",
    "x" * 300,
    "Ein " + "sehr " * 60 + "langer Name",
    "北京大学肝脏外科中心神经内分泌肿瘤转移灶切除队列研究",
    "مركز جراحة الكبد",
    "Λευκωσία – Ёжик – Şükrü – Đặng",
    "$x_1^{2}$ & <b>bold</b> \"quoted\" 'single' \\alpha 100% #1",
    "line one\nline two\ttab\x00null\x1b[31m",
    "👩‍⚕️ emoji 🏥",
    "a-b-c-" * 40,
    "]]> --> <!-- <svg>",
    "\ud800 half a surrogate",
)


def hostile(count: int = len(HOSTILE)) -> Answer:
    """Labels that nobody should write, over and over until there are ``count`` rows."""
    names = [HOSTILE[i % len(HOSTILE)] for i in range(count)]
    numbers = [(0.1 * (i % 13) - 0.6, 0.2 + 0.05 * (i % 13)) for i in range(count)]
    result = pooled(numbers, 0.01, prediction=(-1.2, 0.9) if count >= 5 else None)
    rows = [
        _hazard(
            name,
            f"Block {name}",
            *number,
            (40, 38),
            index_label=name,
            reference_label=name,
            flags=(f"flag_{name}",),
            time_months=120.0,
            recovery="landmark_contrast",
            inputs=(Input(f"survival, {name}", name, "line 1", "file:1"), Input("patients, A", name, "", "")),
        )
        for name, number in zip(names, numbers, strict=True)
    ]
    rows.append(
        row(
            "refused " + "word " * 30,
            "Block x",
            "hazard_ratio",
            "log",
            kind="refused",
            grade="X",
            reason="because " * 60,
            included=False,
            index_label="y" * 90,
            reference_label="z",
        )
    )
    rows.append(
        row(
            HOSTILE[3],
            "Block y",
            "hazard_ratio",
            "log",
            kind="bound",
            grade="X",
            upper=-0.4,
            included=False,
            why=HOSTILE[3],
            index_label=HOSTILE[4] * 3,
            reference_label="z",
        )
    )
    summary = Summary(
        "", result, None, count, count, 78 * count, exploratory=True, cautions=("care " * 80, "w" * 400)
    )
    return Answer(
        question(
            "T" * 200 + " title " * 40,
            "hazard_ratio",
            [
                RowGroup(
                    "Trials",
                    selector(intervention="very_long_name_" * 20),
                    selector(intervention="other_" * 50),
                )
            ],
            left_out=(Departure("s" * 500, "r " * 300),),
            baseline=Baseline(0.5, 60.0, "a source with a long name " * 8),
        ),
        with_weights(rows, result),
        summary,
        (),
        "log",
    )


def many(count: int) -> Answer:
    """A plot of many rows."""
    numbers = [(-0.5 + 0.9 * math.sin(i), 0.1 + 0.3 * (i % 7) / 7) for i in range(count)]
    result = pooled(numbers, 0.05, prediction=(-1.0, 0.2) if count >= 5 else None)
    rows = [
        _hazard(
            f"study-{i:03d}",
            "All",
            *number,
            (50 + i, 60 + i),
            index_label="Operated",
            reference_label="not operated",
        )
        for i, number in enumerate(numbers)
    ]
    return Answer(
        question(
            f"{count} rows",
            "hazard_ratio",
            [RowGroup("All", selector(intervention="surgery"), selector(intervention="none"))],
        ),
        with_weights(rows, result),
        Summary("", result, None, count, count, 99 * count, exploratory=False),
        (),
        "log",
    )


def assessment(tool: str, overall: str | None, *domains: str | None) -> BiasAssessment:
    """What was judged by a tool, its first domains in order."""
    names = tool_named(tool).domains
    judged = [*domains, *[None] * (len(names) - len(domains))]
    return BiasAssessment(
        study="made-up",
        tool=tool,
        outcome=None,
        compared_by=None,
        overall=BiasJudgement("overall", overall),
        domains=tuple(BiasJudgement(*pair) for pair in zip(names, judged, strict=True)),
    )


def with_assessments(answer: Answer, assessments: list[tuple[BiasAssessment, ...]]) -> Answer:
    """Give the first rows what was judged of them."""
    more = [*assessments, *[()] * (len(answer.rows) - len(assessments))]
    rows = (replace(r, risk_of_bias=judged) for r, judged in zip(answer.rows, more, strict=True))
    return replace(answer, rows=tuple(rows))


def judged() -> Answer:
    """Every judgement of ROBINS-I, a domain that was not judged, and a row that nobody assessed."""
    found = [
        ("low", *["low"] * 7),
        ("moderate", "moderate", "low", "low", "moderate"),
        ("serious", "serious", "low", "moderate", "no information", "low", "low", "low"),
        ("critical", "critical", "critical", "low", "serious", "no information", "low", "moderate"),
        ("no information", "no information"),
        (None, "serious"),
    ]
    return with_assessments(many(7), [(assessment("ROBINS-I", *each),) for each in found])


def judged_by_two() -> Answer:
    """Rows judged by either of two tools, by both, and by none."""
    cohort, trial = assessment("ROBINS-I", "serious", "serious"), assessment("RoB 2", "some concerns", "low")
    return with_assessments(many(5), [(cohort,), (trial,), (trial, cohort), (assessment("RoB 2", "high"),)])


def ghosts() -> Answer:
    """An answer whose rows have other recoveries of the same patients, one of them only a bound."""
    answer = resection()
    first, second, third = answer.rows
    other = replace(
        first.effect, estimate=-0.9, standard_error=0.2, primary=False, recovery="median_contrast"
    )
    bound = replace(
        first.effect, kind="bound", estimate=None, standard_error=None, upper=-0.2, recovery="p_value_bound"
    )
    refused = replace(first.effect, kind="refused", estimate=None, standard_error=None, reason="nothing")
    rows = (
        replace(first, alternatives=(other, bound, refused)),
        replace(second, alternatives=(other,)),
        replace(third, alternatives=()),
    )
    return replace(answer, rows=rows)


def subgroups() -> Answer:
    """Two blocks of different studies, summarised one by one."""
    blocks = [
        RowGroup(label, selector(intervention="a", site=label), selector(intervention="b", site=label))
        for label in ("liver", "lung")
    ]
    rows: list[AnswerRow] = []
    summaries = []
    for place, block in enumerate(blocks):
        numbers = [(-0.8 + 0.6 * place + 0.1 * i, 0.2 + 0.05 * i) for i in range(4)]
        result = pooled(numbers, 0.02)
        made = [
            _hazard(
                f"{block.label}-{i}", block.label, *number, (40, 38), index_label="A", reference_label="B"
            )
            for i, number in enumerate(numbers)
        ]
        rows += with_weights(made, result)
        summaries.append(Summary(block.label, result, None, 4, 4, 312, exploratory=False))
    return Answer(
        question("Subgroups by site", "hazard_ratio", blocks, summary="by_row_group"),
        tuple(rows),
        replace(NONE, refused="each block has its own summary", row_count=8, study_count=8),
        tuple(summaries),
        "log",
    )


def nothing() -> Answer:
    """Nothing could be recovered, and nothing at all was found."""
    block = RowGroup("After surgery", selector(intervention="surgery"))
    refused = row(
        "somewhere-2001",
        block.label,
        "proportion",
        "logit",
        kind="refused",
        grade="X",
        reason="the number of patients with symptoms is not printed",
        included=False,
    )
    return Answer(
        question("Relief of symptoms of hormonal excess", "proportion", [block]),
        (refused,),
        replace(NONE, refused="no row has an effect that can be pooled"),
        (),
        "logit",
    )


def empty() -> Answer:
    """A question that no study answers yet."""
    answer = nothing()
    return replace(answer, rows=(), overall=replace(NONE, refused="no study reports this outcome yet"))


def bcg() -> PooledResult:
    """The 13 BCG trials: log risk ratios, REML as metafor 3.8-1 gives it (tau squared 0.3132)."""
    yi = [
        -0.8893113,
        -1.5853887,
        -1.3480731,
        -1.4415512,
        -0.2175473,
        -0.7861156,
        -1.6208982,
        0.0119523,
        -0.4694176,
        -1.3713448,
        -0.3393588,
        0.4459134,
        -0.0173139,
    ]
    vi = [
        0.3255848,
        0.1945811,
        0.4153680,
        0.0200100,
        0.0512102,
        0.0069056,
        0.2230172,
        0.0039616,
        0.0564342,
        0.0730248,
        0.0124122,
        0.5325058,
        0.0714047,
    ]
    names = (
        "Aronson 1948",
        "Ferguson & Simes 1949",
        "Rosenthal et al 1960",
        "Hart & Sutherland 1977",
        "Frimodt-Moller et al 1973",
        "Stein & Aronson 1953",
        "Vandiviere et al 1973",
        "TPT Madras 1980",
        "Coetzee & Berjak 1968",
        "Rosenthal et al 1961",
        "Comstock et al 1974",
        "Comstock & Webster 1969",
        "Comstock et al 1976",
    )
    effects = [(y, math.sqrt(v)) for y, v in zip(yi, vi, strict=True)]
    return pooled(effects, 0.3132, effect_measure="RR", labels=names, prediction=(-1.8667, 0.4364))


ANSWERS: dict[str, Callable[[], Answer]] = {
    "resection": resection,
    "exploratory": exploratory,
    "survival_by_group": survival_by_group,
    "medians": medians,
    "proportions": proportions,
    "clipped": clipped,
    "nothing": nothing,
    "empty": empty,
    "hostile": hostile,
    "one_hostile_row": lambda: hostile(1),
    "three_hostile_rows": lambda: hostile(3),
    "sixty_hostile_rows": lambda: hostile(60),
    "two_hundred_hostile_rows": lambda: hostile(200),
    "ghosts": ghosts,
    "judged": judged,
    "judged_by_two": judged_by_two,
    "judged_hostile": lambda: with_assessments(hostile(5), [(assessment("RoB 2", "high", "high"),)]),
    "subgroups": subgroups,
    "one_row": lambda: many(1),
    "three_rows": lambda: many(3),
    "sixty_rows": lambda: many(60),
    "two_hundred_rows": lambda: many(200),
}
#: Each is made once: nothing changes an answer.
ANSWERS = {name: cache(make) for name, make in ANSWERS.items()}


@pytest.fixture(params=ANSWERS)
def any_answer(request: pytest.FixtureRequest) -> Answer:
    return ANSWERS[request.param]()


@pytest.fixture(scope="session")
def answers() -> dict[str, Callable[[], Answer]]:
    return ANSWERS


@pytest.fixture
def bcg_result() -> PooledResult:
    return bcg()
