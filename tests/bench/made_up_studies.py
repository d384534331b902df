"""Made-up study files, as many as are asked for: what a literature prints, from one seed.

The shape is that of abstracts on surgery: two groups of one series with their medians, survival rates, counts
and medians of measurements, ratios with and without intervals, p-values given and only bounded. Some centres
and some authors publish often and most seldom (a Zipf law), so that years and places coincide as they do.
No file names another, so that any number of them is a project.
"""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np

VOCABULARY = Path(__file__).parents[2] / "evidence" / "vocabulary.yaml"
SEED = 2026
#: Exponent of the Zipf laws of centres and authors: a few publish often, most of them once.
_TAIL = 1.4

_STUDY = """\
id: {id}
label: Study {number}

source:
  kind: journal abstract
  coverage: full abstract
  title: Resection and no resection of liver metastases, series {number}
  year: {year}
  pmid: {pmid}
  authors: [{authors}]

cohort:
  design: retrospective, one centre
  institution: Centre {centre}
  accrual: {first} to {last}
  disease: liver metastases of neuroendocrine tumours
  at: line 3

groups:
  all: {{label: All patients, n: {whole}, population: neuroendocrine metastases, site: liver, at: line 4}}
  resected: {{label: Resected, n: {resected}, of: all, by: operation, intervention: resection, at: line 4}}
  others: {{label: Not resected, n: {others}, of: all, by: operation, intervention: no resection, at: line 4}}
  complete: {{label: R0 or R1, n: {complete}, of: resected, by: extent, extent: complete, at: line 5}}
  incomplete: {{label: R2, n: {incomplete}, of: resected, by: extent, extent: incomplete, at: line 5}}
  pancreas: {{label: Pancreas, n: {pancreas}, of: all, by: primary site, primary_site: pancreas, at: line 5}}
  bowel: {{label: Bowel, n: {bowel}, of: all, by: primary site, primary_site: small intestine, at: line 5}}

outcomes:
  - outcome: overall survival
    starts: diagnosis of metastases
    at: line 6
    values:
      resected:
        median: {median} months (95% CI {median_low} to {median_high})
        survival at 1 year: {s0}%
        survival at 3 years: {s1}%
        survival at 5 years: {s2}%
      others: {{median: {median_others} months, survival at 5 years: {s3}%}}
      complete: {{survival at 5 years: {s4}%}}
      incomplete: {{survival at 5 years: {s5}%}}
  - outcome: progression-free survival
    starts: diagnosis of metastases
    at: line 7
    values:
      resected: {{median: {pfs} months}}
      others: {{median: {pfs_others} months}}
  - outcome: major complications
    at: line 8
    values:
      resected: {{count: {complications}/{resected}}}
  - outcome: perioperative mortality
    at: line 8
    values:
      resected: {{count at 30 days: {deaths}/{resected}}}
  - outcome: symptom relief
    at: line 9
    values:
      resected: {{count: {relief}/{symptomatic}}}
  - outcome: disease-specific survival
    starts: diagnosis of metastases
    at: line 9
    values:
      resected: {{survival at 1 year: {s0}%, survival at 5 years: {s2}%, survival at 10 years: {s6}%}}
      others: {{survival at 5 years: {s3}%}}

comparisons:
  - {{outcome: overall survival, of: [resected, others], {ratio}, basis: stated, at: line 10}}
  - outcome: progression-free survival
    of: [resected, others]
    p: {p}
    test: log-rank
    basis: stated
    at: line 10
  - outcome: overall survival
    of: [complete, incomplete]
    p: {p_extent}
    test: log-rank
    basis: stated
    at: line 11
"""
_QUESTION = """\
id: resection
title: Resection against no resection, overall survival
why: Asked of made-up studies, to see how cost grows with them.
outcome: overall survival
effect_measure: hazard ratio
rows:
  - label: Liver
    index: {intervention: resection}
    reference: {intervention: no resection}
"""


def write_studies(project: Path, count: int, *, seed: int = SEED) -> int:
    """Write a project of studies and a question that each of them answers; return the bytes in all."""
    (project / "studies").mkdir(parents=True)
    (project / "evidence" / "questions").mkdir(parents=True)
    shutil.copy(VOCABULARY, project / "evidence")
    (project / "evidence" / "questions" / "resection.yaml").write_text(_QUESTION, encoding="utf-8")
    random = np.random.default_rng(seed)
    return sum(write_study(project, number, random) for number in range(1, count + 1))


def write_study(project: Path, number: int, random: np.random.Generator) -> int:
    """Write one study file; return its size in bytes."""
    text = _STUDY.format(id=f"study-{number}", number=number, pmid=10_000_000 + number, **_figures(random))
    return (project / "studies" / f"study-{number}.yaml").write_text(text, encoding="utf-8")


def _figures(random: np.random.Generator) -> dict[str, object]:
    """Draw the figures of one study: exponential survival, whose hazard differs between its groups."""
    whole = int(np.clip(random.lognormal(4.6, 0.8), 24, 3000))
    resected = int(np.clip(random.binomial(whole, random.uniform(0.3, 0.7)), 8, whole - 8))
    complete = int(np.clip(random.binomial(resected, 0.7), 3, resected - 3))
    pancreas = int(random.binomial(whole, 0.4))
    ratio = float(np.exp(random.normal(-0.5, 0.4)))
    hazard = np.log(2) / random.uniform(40, 130)
    others = hazard / ratio
    error = float(np.sqrt(1 / (0.6 * resected) + 1 / (0.7 * (whole - resected))))
    printed = float(np.exp(np.log(ratio) + random.normal(0, error)))
    limits = np.exp(np.log(printed) + np.array([-1.96, 1.96]) * error)
    first = int(random.integers(1975, 2015))
    last = first + int(random.integers(3, 12))
    rate = {
        f"s{place}": round(100 * float(np.exp(-slope * months)))
        for place, (slope, months) in enumerate(
            [
                (hazard, 12),
                (hazard, 36),
                (hazard, 60),
                (others, 60),
                (0.9 * hazard, 60),
                (1.4 * hazard, 60),
                (hazard, 120),
            ]
        )
    }
    median = float(np.log(2) / hazard)
    spread = 1.96 / np.sqrt(0.6 * resected)
    shape = random.integers(3)
    p = _log_rank_p(np.log(ratio), 0.6 * resected, 0.7 * (whole - resected), random)
    hazard_ratio = f"hazard_ratio: {printed:.2f} (95% CI {limits[0]:.2f} to {limits[1]:.2f})"
    return {
        **rate,
        "year": last + 2,
        "authors": ", ".join(
            f"Writer{int(name)} A" for name in dict.fromkeys(random.zipf(_TAIL, 5) % 100_000)
        ),
        "centre": int(random.zipf(_TAIL)) % 100_000,
        "first": first,
        "last": last,
        "whole": whole,
        "resected": resected,
        "others": whole - resected,
        "complete": complete,
        "incomplete": resected - complete,
        "pancreas": pancreas,
        "bowel": whole - pancreas,
        "median": round(median),
        "median_low": round(median * np.exp(-spread)),
        "median_high": round(median * np.exp(spread)),
        "median_others": round(float(np.log(2) / others)),
        "pfs": round(median / 3),
        "pfs_others": round(float(np.log(2) / others) / 3),
        "complications": int(random.binomial(resected, 0.15)),
        "deaths": int(random.binomial(resected, 0.02)),
        "symptomatic": max(2, resected // 2),
        "relief": int(random.binomial(max(2, resected // 2), 0.85)),
        "ratio": (hazard_ratio, f"{hazard_ratio}, adjusted_for: [age, grade]", f"p: {p}, test: log-rank")[
            shape
        ],
        "p": p,
        "p_extent": _log_rank_p(np.log(1.4 / 0.9), 0.6 * complete, 0.6 * (resected - complete), random),
    }


def _log_rank_p(log_ratio: float, events: float, other_events: float, random: np.random.Generator) -> str:
    """Draw the p-value of a log-rank test of groups with so many events, as abstracts print it."""
    z = abs(random.normal(log_ratio / math.sqrt(1 / events + 1 / other_events)))
    p = math.erfc(z / math.sqrt(2))
    if p < 0.001:
        return "< 0.001"
    return "< 0.05" if 0.01 < p < 0.03 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"
