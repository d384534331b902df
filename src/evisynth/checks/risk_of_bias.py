"""Whether a judgement over all domains of risk of bias is as severe as the worst of them."""

from __future__ import annotations

from evisynth.checks.check import FINE, Check, Found, Outcomes
from evisynth.checks.study_view import StudyView
from evisynth.studies.bias_tools import TOOLS, tool_named
from evisynth.studies.study import BiasJudgement

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

CHECKS = (
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
