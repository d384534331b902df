"""Checks of risk of bias: judged for what the study reports, and overall no milder than in any domain."""

from __future__ import annotations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView
from evisynth.studies import TOOLS, BiasJudgement, tool_named

#: From this rank on, ROBINS-I lets no lack of information stand over what a domain shows.
_SERIOUS = 2


def check_overall_judgement(view: StudyView) -> Outcomes:
    """Look for an overall judgement that is milder than a domain."""
    for assessment in view.study.risk_of_bias:
        overall, tool = assessment.overall, tool_named(assessment.tool)
        ranked = [(tool.severity(one.judgement), one) for one in assessment.domains.values()]
        known = [(rank, one) for rank, one in ranked if rank is not None]
        if overall is None or not known:
            continue
        worst, domain = max(known, key=lambda found: found[0])
        rank = tool.severity(overall.judgement)
        if (worst < _SERIOUS) if rank is None else (rank >= worst):
            yield FINE
            continue
        yield _found(tool.name, overall, domain)


def check_judged_outcomes(view: StudyView) -> Outcomes:
    """Look for judgements of outcomes of which the file has no figure and no comparison."""
    reported = {block.outcome for block in view.study.outcomes}
    reported |= {comparison.outcome for comparison in view.study.comparisons}
    for assessment in view.study.risk_of_bias:
        for outcome in assessment.outcomes:
            if outcome in reported:
                yield FINE
                continue
            name = view.vocabulary.outcomes[outcome].label
            message = f"{assessment.tool} judges {name}, of which the file has no figure and no comparison"
            yield Found(assessment.line, assessment.column, message, f"{assessment.tool}: {name}")


def _found(tool: str, overall: BiasJudgement, domain: BiasJudgement) -> Found:
    message = (
        f"the overall risk of bias is '{overall.judgement}', but {domain.domain} is '{domain.judgement}': "
        f"in {tool} the whole is at least as severe as its worst domain"
    )
    about = f"{tool}: {overall.judgement} overall, {domain.domain} {domain.judgement}"
    return Found(overall.line, overall.column, message, about)


_EXAMPLE = """\
groups:
  all: {{label: All, n: 40, at: line 1}}
risk_of_bias:
  - tool: ROBINS-I
    domains: {{confounding: serious, missing data: low}}
    overall: {overall}
"""

_JUDGED = """\
groups:
  all: {{label: All, n: 40, at: line 1}}
outcomes:
  - {{outcome: OS, starts: operation, at: line 2, values: {{all: {{median: 40 months}}}}}}
risk_of_bias:
  - {{tool: ROBINS-I, outcomes: [{outcome}], overall: serious}}
"""

CHECKS = (
    Check(
        code="judged-outcome-not-reported",
        level="warning",
        title="Risk of bias of an outcome that the file does not have",
        applies_when="a risk of bias is judged of named outcomes",
        test="The file has a figure or a comparison of each.",
        fix="look at outcomes:, or leave it out where every outcome is meant",
        failing=_JUDGED.format(outcome="major complications"),
        passing=_JUDGED.format(outcome="overall survival"),
        run=check_judged_outcomes,
    ),
    Check(
        code="overall-below-domain",
        level="warning",
        title="Risk of bias overall milder than in a domain",
        applies_when="a risk of bias is judged overall and in a domain, other than as 'no information'",
        test="The judgement overall is at least as severe as that of the worst domain. 'No information' "
        "overall stands over low and moderate domains only.",
        fix="look at the overall judgement again, or at the domain",
        failing=_EXAMPLE.format(overall="moderate"),
        passing=_EXAMPLE.format(overall="serious"),
        run=check_overall_judgement,
        source="; ".join(f"{tool.name}: {tool.source}" for tool in TOOLS),
    ),
)
