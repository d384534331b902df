"""The file that ``evisynth new`` starts: read without an error, and reporting nothing until filled in."""

from __future__ import annotations

TEMPLATE = """\
# yaml-language-server: $schema=../evidence/study.schema.json
# Write what the source prints, as it prints it. What it does not say is left out, or `not reported`.
id: {id}

source:
  kind: journal abstract # conference abstract | conference poster | journal article | web capture
  # title: "quote a title that holds a colon"
  # authors: [First A, Second B]
  # journal: Ann Surg Oncol
  # year: 2023
  # doi: 10.1245/...
  # pmid: 12345678
  # sha256: the hash of the text you read, so that its line numbers mean something (sha256sum FILE)

cohort:
  design: not reported # retrospective, single institution
  institution: not reported
  accrual: not reported # 2000 to 2020
  at: section methods
  # follow_up: {{median: 60 months, method: reverse Kaplan-Meier}}
  # overlaps:
  #   - {{with: another-study, extent: possible, because: same centre and years}}

# Groups are a tree: `of` names the whole, `by` names how it was split. Tags (intervention, extent, site,
# population) are terms of evidence/vocabulary.yaml; a group has those of the groups it is part of.
groups:
  all:
    label: All patients
    # n: 100
    # intervention: surgery
    # site: liver
    # population: neuroendocrine metastases
    at: section results
  # resected: {{label: Resected, n: 60, of: all, by: resection, intervention: resection}}
  # not-resected: {{label: Not resected, n: 40, of: all, by: resection, intervention: no resection}}

# One entry an outcome; a line a group. `at` says where it stands: line 34, table 2, section results.
outcomes: []
#  - outcome: overall survival
#    method: Kaplan-Meier
#    starts: operation # when the clock starts, or: not reported
#    at: line 34
#    values:
#      resected: {{median: 87 months (95% CI 60 to 110), survival at 5 years: 61%}}
#      not-resected: {{median: not reached}}
#  - outcome: major complications
#    at: line 35
#    values:
#      resected: {{proportion within 30 days: 6/60}}

# `of` lists the groups compared, index group first; `basis` says who says so: stated | inferred.
comparisons: []
#  - outcome: overall survival
#    of: [resected, not-resected]
#    p: 0.03
#    test: log-rank
#    basis: stated
#    at: line 36
#  - outcome: overall survival
#    of: [resected, not-resected]
#    hazard_ratio: 0.62 (95% CI 0.41 to 0.94)
#    basis: stated
#    at: line 36

# What the source says in words, coded: a benefit without a comparator, a null result read as sameness.
claims: []
#  - {{kind: benefit, outcome: overall survival, index: resected, comparator: none, at: line 40}}
"""


def study_template(study_id: str) -> str:
    """Fill the id in."""
    return TEMPLATE.format(id=study_id)
