"""The file that ``evisynth new`` starts: read without an error, and reporting nothing until filled in.

Lines behind one ``#`` are an example that reads without an error too when the sign is taken away from all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import get_args

from evisynth.errors import UnknownNameError
from evisynth.studies.comparison_blocks import Basis
from evisynth.studies.source_blocks import SourceKind
from evisynth.studies.value_mistakes import quoted
from evisynth.vocabulary import OutcomeType, TermKind, Vocabulary

_ID = "STUDY-ID"

TEMPLATE = """\
# yaml-language-server: $schema=../evidence/study.schema.json
## Write what the source prints, as it prints it. What it does not say is left out, or `not reported`.
## A line behind one # is an example: take the # and its blank away and put in what your source prints.
id: STUDY-ID
# label: First 2016 # its name in figures; without one, the id

source:
  kind: journal abstract # OTHER-KINDS
  # title: "quote a title that holds a colon: like this one"
  # authors: [First A, Second B]
  # journal: Ann Surg Oncol
  # year: 2016
  # doi: 10.1000/example
  # pmid: 12345678
  ## sha256: the hash of the text you read, so that its line numbers mean something (sha256sum FILE)

cohort:
  design: not reported # retrospective, single institution
  institution: not reported
  accrual: not reported # 2000 to 2012
  at: section methods
  # follow_up: {median: 60 months, method: reverse Kaplan-Meier}
  ## Where patients are another study's too:
  ## overlaps: [{with: id-of-that-study, extent: possible, because: same centre and years}]

## Groups are a tree: `of` names the whole, `by` names how it was split. Tags (intervention, extent, site,
## population, primary_site, grade) are terms of evidence/vocabulary.yaml; parts have those of their whole.
groups:
  all:
    label: All patients
    # n: 100
    # site: liver
    # population: neuroendocrine metastases
    at: section results
  ## Two arms. Where the source says nothing of both together, leave out `all`, and `of` and `by` here.
  # resected: {label: Resected, n: 60, of: all, by: resection, intervention: resection, at: line 9}
  # not-resected: {label: Not resected, n: 40, of: all, by: resection, intervention: no resection, at: line 9}

## One entry an outcome; a line a group. `at` says where it stands: line 34, table 2, section results.
## Deaths (of other outcomes: events) beside a median or a p-value give it its precision.
# outcomes:
#   - outcome: overall survival
#     method: Kaplan-Meier
#     starts: operation # when the clock starts, or: not reported
#     at: line 34
#     values:
#       resected: {median: 87 months (95% CI 60 to 126), survival at 5 years: 61%, deaths: 31}
#       not-resected: {median: 48 months (95% CI 34 to 68), survival at 5 years: 40%, deaths: 28 (70%)}
#   - outcome: major complications
#     at: line 35
#     values:
#       resected: {proportion within 30 days: 6/60}
#       not-resected: {proportion within 30 days: 5 (12.5%)}

## `of` lists the groups compared, index group first; `basis` says who says so: BASES.
## `favours` names the group that did better: without it a p-value has no direction, and gives no effect.
# comparisons:
#   - outcome: overall survival
#     of: [resected, not-resected]
#     p: 0.02
#     favours: resected
#     test: log-rank
#     basis: stated
#     at: line 36
#   - outcome: overall survival
#     of: [resected, not-resected]
#     hazard_ratio: 0.55 (95% CI 0.33 to 0.92)
#     adjusted_for: [age, grade]
#     basis: stated
#     at: line 36

## What the source says in words, coded: a benefit without a comparator, a null result read as sameness.
# claims:
#   - {kind: benefit, outcome: overall survival, index: resected, reference: not-resected, at: line 40}

## What you judge of the risk of bias; what you leave out is shown as not judged, never as low.
# risk_of_bias:
#   - tool: ROBINS-I # or RoB 2, for a randomised trial
#     outcomes: [overall survival] # without it, every outcome
#     by: resection # only contrasts of groups split by that
#     domains:
#       confounding: {judgement: serious, because: "resection was chosen, not assigned", at: line 12}
#       missing data: no information
#     overall: serious

## Findings of `evisynth check` that you looked into and leave as they are: code, what it speaks of, and why.
# acknowledged:
#   - finding: rate-not-a-fraction
#     about: "Overall survival of resected: 61% of 60" # as evisynth check says when it is left out
#     because: compared with the source; a Kaplan-Meier rate is no share of all patients
"""


def study_template(study_id: str, vocabulary: Vocabulary | None = None) -> str:
    """Fill in the id, and the words that the models and the vocabulary know."""
    others = get_args(SourceKind)[1:]
    known = {_ID: study_id, "OTHER-KINDS": " | ".join(others), "BASES": " | ".join(get_args(Basis))}
    text = TEMPLATE if vocabulary is None else _in_words_of(vocabulary)
    for word, meant in known.items():
        text = text.replace(word, meant)
    return text


#: Outcomes and tags of the examples. A vocabulary that has other words lends the first of the same kind.
_OUTCOMES: Mapping[str, OutcomeType] = {"overall survival": "time_to_event", "major complications": "share"}
_TAGS: tuple[tuple[TermKind, str], ...] = (
    ("intervention", "resection"),
    ("intervention", "no resection"),
    ("site", "liver"),
    ("population", "neuroendocrine metastases"),
)


#: What the groups of the examples are called where nobody is resected.
_GROUPS = {
    "not-resected": "control",
    "Not resected": "Control",
    "resected": "treated",
    "Resected": "Treated",
    "by: resection": "by: treatment",
    "resection was chosen": "treatment was chosen",
}


def _in_words_of(vocabulary: Vocabulary) -> str:
    """Write the examples in words that a vocabulary knows; a tag of a kind that it lacks is left out."""
    text, taken = TEMPLATE, set()
    for name, of_type in _OUTCOMES.items():
        others = [one.label for one in vocabulary.outcomes.values() if one.type == of_type]
        if not _knows(vocabulary.outcome, name) and others:
            text = text.replace(name, quoted(others[0].lower()))
    for kind, name in _TAGS:
        terms = vocabulary.terms[kind].values()
        free = [one.label for one in terms if one.label not in taken] or [one.label for one in terms]
        if _knows(partial(vocabulary.term, kind), name):
            continue
        if free:
            taken.add(free[0])
            text = re.sub(rf"\b{kind}: {name}(?=[,\n])", f"{kind}: {quoted(free[0].lower())}", text)
        else:
            text = re.sub(rf"(?m), {kind}: {name}(?=[,\n])|^  *# {kind}: {name}\n", "", text)
    if not _knows(partial(vocabulary.term, "intervention"), "resection"):
        for word, meant in _GROUPS.items():
            text = text.replace(word, meant)
    return text


def _knows(find: Callable[[str], object], name: str) -> bool:
    try:
        find(name)
    except UnknownNameError:
        return False
    return True
