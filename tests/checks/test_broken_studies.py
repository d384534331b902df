"""Small breaks of one good study, each with exactly the codes that it must raise, and no other."""

from __future__ import annotations

import pytest

OS_RATIO = "    hazard_ratio: 0.60 (95% CI 0.43 to 0.84)\n"
OS_COMPARISON = (
    "  - outcome: overall survival\n    of: [operated, observed]\n" + OS_RATIO + "    p: 0.003\n"
    "    favours: operated\n    test: log-rank\n    basis: stated\n    at: line 5\n"
)
AFTER_CLAIMS = "    comparator: concurrent\n    at: line 7\n"
RATES = {5: "5 years: 50% (95% CI 40 to 60%)", 8: "8 years: 30% (95% CI 21 to 40%)"}
INDEX_RATES = {5: "5 years: 70% (95% CI 61 to 78%)", 8: "8 years: 52% (95% CI 43 to 61%)"}
MEDIANS = {
    "all": "80 months (95% CI 64 to 100)",
    "operated": "100 months (95% CI 80 to 125)",
    "observed": "60 months (95% CI 48 to 75)",
}
COMPARISON = "comparisons:\n"
ABSTRACT = ("kind: journal article", "kind: journal abstract")
LESIONS = "  - outcome: lesions treated\n"
RECURRED_OF_FEWER = "{operated: {n: 50, proportion within 5 years: 80%}}"
RECURRED = "{operated: {proportion within 5 years: 80.0%}}"


def claim(text: str) -> tuple[str, str]:
    return AFTER_CLAIMS, f"{AFTER_CLAIMS}  - {{{text}, at: line 8}}\n"


def at_risk(rate: str, count: int | str) -> str:
    time, _, value = rate.partition(": ")
    return f"{time}: {{value: {value}, at_risk: {count}}}"


def comparison(text: str) -> tuple[str, str]:
    return COMPARISON, f"{COMPARISON}  - {{{text}, basis: stated, at: line 9}}\n"


def judged(overall: str, domains: str = "confounding: serious, missing data: low") -> tuple[str, str]:
    block = f"risk_of_bias:\n  - {{tool: ROBINS-I, domains: {{{domains}}}, overall: {overall}}}\n"
    return "\nclaims:\n", f"\n{block}claims:\n"


BROKEN: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    # sums of the group tree
    "a part too large": (
        [("n: 90, of", "n: 95, of"), ("9/90", "9/95")],
        ["group-sum", "rate-not-a-fraction"],
    ),
    "a part too small": (
        [
            ("n: 90, of", "n: 80, of"),
            ("9/90", "8/80"),
            (RATES[5], "5 years: 50% (95% CI 39 to 61%)"),
            ("p: 0.05", "p: 0.06"),
        ],
        ["group-sum"],
    ),
    "a part too small, but said so": (
        [
            ("n: 90, of", "n: 80, of"),
            ("9/90", "8/80"),
            ("p: 0.05", "p: 0.06"),
            ("metastases, at: line 1}", "metastases, not_exhaustive: [resection], at: line 1}"),
        ],
        [],
    ),
    "counts of a split beside their percentages": (
        [("n: 46%", "n: 92 (46%)"), ("n: 54%", "n: 118 (59%)")],
        ["group-sum", "percent-sum"],
    ),
    "percentages of a split make 102": ([("n: 54%", "n: 56%")], ["percent-sum"]),
    "percentages of a split make 98": ([("n: 54%", "n: 52%")], ["percent-sum"]),
    "a vague part, larger than its whole": (
        [
            ("n: 46%, of: all, by: age", "n: 190, of: operated, by: age"),
            ("  old: {label: Old, n: 54%, of: all, by: age, at: line 1}\n", ""),
        ],
        ["count-above-whole"],
    ),
    "one group of six": (
        [
            ("n: 110, of", "n: 194, of"),
            ("n: 90, of", "n: 6, of"),
            (MEDIANS["observed"], "60 months (95% CI 42 to 86)"),
            ("22 (20.0%)", "39 (20.1%)"),
            ("9/90", "1/6"),
            ("p: 0.05", "p: 0.84"),
            (RATES[5], "5 years: 50% (95% CI 11 to 80%)"),
            (RATES[8], "8 years: 33% (95% CI 5 to 68%)"),
        ],
        [
            "contrast-moves-with-time",
            "interval-too-narrow",
            "percent-of-nothing",
            "percent-of-nothing",
            "unequal-groups",
        ],
    ),
    "disease at two sites, and one of them resected": (
        [("site: liver,", "site: liver and extrahepatic,")],
        ["resected-site-not-said"],
    ),
    # percentages and counts
    "a percentage cut off": ([("22 (20.0%)", "23 (20.9%)"), ("p: 0.05", "p: 0.03")], []),
    "a percentage cut off, not rounded": (
        [("22 (20.0%)", "21 (19.0%)"), ("p: 0.05", "p: 0.07")],
        ["percent-truncated"],
    ),
    "a percentage without a count, cut off": (
        [("1.8%, proportion within 90 days: 2.7%", "0.9%, proportion within 90 days: 3.6%")],
        [],
    ),
    "thirty-day mortality cut off": (
        [("within 30 days: 1.8%", "within 30 days: 2.72%"), ("90 days: 2.7%", "90 days: 2.72%")],
        ["percent-truncated"] * 2,
    ),
    "a percentage that no count gives": (
        [("within 30 days: 1.8%", "within 30 days: 1.3%")],
        ["percent-of-nothing"],
    ),
    "a percentage of the wrong count": ([("22 (20.0%)", "22 (25.0%)")], ["percent-against-count"]),
    "a percentage of its own denominator": (
        [
            (
                "{proportion within 30 days: 1.8%, proportion within 90 days: 2.7%}",
                "{n: 80, proportion within 30 days: 1.3%, proportion within 90 days: 2.5%}",
            )
        ],
        [],
    ),
    "a count beside another percentage": (
        [("proportion within 30 days: 1.8%,", "count within 30 days: 5, proportion within 30 days: 1.8%,")],
        ["percent-against-count"],
    ),
    "a share in words": ([("{proportion: 22 (20.0%)}", "{proportion: about a fifth}")], ["vague-share"]),
    "a share that is a bound": ([("{proportion: 9/90}", "{proportion: at least 8%}")], ["vague-share"]),
    "a majority": ([("{proportion: 9/90}", "{proportion: the minority}")], ["vague-share"]),
    "a share of nobody knows how many": (
        [("{proportion: 9/90}", "{proportion: 10%, n: not reported}")],
        ["denominator-missing"],
    ),
    "no event": ([("{proportion: 9/90}", "{proportion: 0/90}"), ("p: 0.05", "p: < 0.001")], ["zero-events"]),
    "an event in all": (
        [("{proportion: 9/90}", "{proportion: 90/90}"), ("p: 0.05", "p: < 0.001")],
        ["zero-events"],
    ),
    # rates
    "survival that rises": ([(INDEX_RATES[8], "8 years: 75% (95% CI 67 to 83%)")], ["survival-rises"]),
    "survival that stays": ([(RATES[8], "8 years: 50% (95% CI 40 to 60%)")], ["hazards-not-proportional"]),
    "mortality that falls": ([("90 days: 2.7%", "90 days: 0.9%")], ["share-falls"]),
    "a contrast that moves": (
        [(INDEX_RATES[5], "5 years: 73% (95% CI 64 to 81%)")],
        ["contrast-moves-with-time"],
    ),
    "a rate that no count gives": (
        [(RATES[5], "5 years: 55% (95% CI 44 to 65%)")],
        ["contrast-moves-with-time", "rate-not-a-fraction"],
    ),
    "a rate of 100%": (
        [(INDEX_RATES[5], "5 years: 100%")],
        ["rate-at-the-edge", "survival-without-precision"],
    ),
    "a rate without an interval": ([(INDEX_RATES[5], "5 years: 70%")], ["survival-without-precision"]),
    "more at risk later": (
        [
            (INDEX_RATES[5], at_risk(INDEX_RATES[5], 20)),
            (INDEX_RATES[8], at_risk(INDEX_RATES[8], 30)),
        ],
        ["at-risk-rises"],
    ),
    "more at risk than have survived": (
        [(INDEX_RATES[5], at_risk(INDEX_RATES[5], 85))],
        ["at-risk-above-survivors"],
    ),
    "more at risk than the rest of the patients": (
        [("n: 90, of", "of"), (RATES[5], at_risk(RATES[5], 95))],
        ["at-risk-above-group"],
    ),
    "a handful at risk": ([(RATES[8], at_risk(RATES[8], 4))], ["few-at-risk"]),
    "fewer than five at risk, as printed": (
        [(RATES[8], at_risk(RATES[8], "< 5"))],
        ["few-at-risk"],
    ),
    "at least that many at risk, but the patients have died": (
        [(RATES[8], at_risk(RATES[8], "at least 40"))],
        ["at-risk-above-survivors"],
    ),
    "numbers at risk that go with all else": (
        [
            (INDEX_RATES[5], at_risk(INDEX_RATES[5], 77)),
            (INDEX_RATES[8], at_risk(INDEX_RATES[8], 5)),
            (RATES[5], at_risk(RATES[5], 31)),
        ],
        [],
    ),
    "more recurred than were not free": (
        [
            ("(95% CI 32 to 50)}", "(95% CI 32 to 50), survival at 5 years: 40% (95% CI 31 to 49%)}"),
            (LESIONS, f"  - {{outcome: recurrence, at: line 3, values: {RECURRED}}}\n{LESIONS}"),
        ],
        ["survival-and-incidence"],
    ),
    "more recurred of those who could": (
        [
            ("(95% CI 32 to 50)}", "(95% CI 32 to 50), survival at 5 years: 40% (95% CI 31 to 49%)}"),
            (LESIONS, f"  - {{outcome: recurrence, at: line 3, values: {RECURRED_OF_FEWER}}}\n{LESIONS}"),
        ],
        [],
    ),
    # medians
    "a median before a rate above one half": (
        [(MEDIANS["operated"], "90 months (95% CI 72 to 112)")],
        ["median-against-rate"],
    ),
    "a median not reached, and few alive": (
        [(MEDIANS["operated"], "not reached"), (INDEX_RATES[8], "8 years: 40% (95% CI 31 to 50%)")],
        ["median-against-rate", "contrast-moves-with-time"],
    ),
    "a median in years that are months, and no year of publication": (
        [("  year: 2015\n", ""), (MEDIANS["all"], "80 years (95% CI 64 to 100)")],
        ["beyond-follow-up", "longer-than-the-study", "whole-outside-parts"],
    ),
    "a median in months that are years": (
        [
            (MEDIANS["observed"], "8.5 months (95% CI 6.8 to 10.6)"),
            (RATES[5], "5 years: 60% (95% CI 49 to 70%)"),
        ],
        ["contrast-moves-with-time", "median-against-rate"],
    ),
    "a median from a collapsing tail": (
        [(INDEX_RATES[8], "8 years: 65% (95% CI 56 to 73%)")],
        ["hazards-not-proportional", "median-in-sparse-tail"],
    ),
    "a median not reached, nobody knows when": (
        [
            ("  follow_up: {median: 70 months, at: line 1}\n", ""),
            ("40 months (95% CI 32 to 50)", "not reached"),
        ],
        ["not-reached-without-follow-up", "outcomes-out-of-order"],
    ),
    "a median not reached, with follow-up": (
        [("40 months (95% CI 32 to 50)", "not reached")],
        ["outcomes-out-of-order"],
    ),
    "a mean of times": (
        [("{median: 40 months (95% CI 32 to 50)}", "{mean: 40 months (95% CI 32 to 48)}")],
        ["mean-of-times"],
    ),
    "a whole below its parts": ([(MEDIANS["all"], "50 months (95% CI 40 to 62)")], ["whole-outside-parts"]),
    "a whole above its parts": ([(MEDIANS["all"], "110 months (95% CI 88 to 137)")], ["whole-outside-parts"]),
    "progression after death": (
        [("40 months (95% CI 32 to 50)", "120 months (95% CI 96 to 150)")],
        ["outcomes-out-of-order"],
    ),
    "a median that the reader takes for a misprint": (
        [(MEDIANS["all"], f"{{value: {MEDIANS['all']}, perhaps: 84 months, because: its interval}}")],
        ["suspected-misprint"],
    ),
    # intervals
    "a ratio off its interval": (
        [("0.60 (95% CI 0.43 to 0.84)", "0.70 (95% CI 0.43 to 0.84)")],
        ["interval-off-centre", "p-against-ratio"],
    ),
    "a median off its interval": (
        [(MEDIANS["all"], "66 months (95% CI 64 to 160)")],
        ["interval-off-centre"],
    ),
    "a median symmetric in time": (
        [(MEDIANS["all"], "80 months (95% CI 20 to 140)")],
        ["interval-symmetric-in-time"],
    ),
    "a median whose interval begins at zero": (
        [(MEDIANS["all"], "80 months (95% CI 0.0 to 170)")],
        ["interval-from-zero"],
    ),
    "a rate off its interval": (
        [(INDEX_RATES[5], "5 years: 70% (95% CI 68 to 90%)")],
        ["interval-off-centre"],
    ),
    # p-values
    "a p-value that the counts do not give": ([("p: 0.05", "p: 0.005")], ["p-against-counts"]),
    "a p-value on the other side": ([("p: 0.05", "p: 0.30")], ["p-against-counts"]),
    "a p-value of another test": (
        [("p: 0.05\n    test: chi-squared", "p: 0.005\n    test: logistic regression")],
        [],
    ),
    "a p-value that the interval contradicts": (
        [("p: 0.003", "p: 0.20")],
        ["claim-against-p", "p-above-figures", "p-against-medians", "p-against-ratio"],
    ),
    "a p-value smaller than the interval gives": (
        [("p: 0.003", "p: < 0.0001")],
        ["p-against-ratio", "p-needs-more-events"],
    ),
    "a p-value that needs more deaths than patients, by rates": (
        [
            (f"        median: {MEDIANS['operated']}\n", ""),
            (f"        median: {MEDIANS['observed']}\n", ""),
            (INDEX_RATES[5], RATES[5]),
            (INDEX_RATES[8], "8 years: 31% (95% CI 22 to 40%)"),
            (OS_RATIO, ""),
        ],
        ["p-needs-more-events"],
    ),
    "a p-value that rates far apart explain": (
        [
            (f"        median: {MEDIANS['operated']}\n", ""),
            (f"        median: {MEDIANS['observed']}\n", ""),
            (OS_RATIO, ""),
        ],
        [],
    ),
    "a p-value that needs more deaths than patients": (
        [
            (MEDIANS["operated"], "97 months (95% CI 78 to 121)"),
            (MEDIANS["observed"], "91 months (95% CI 73 to 114)"),
            (MEDIANS["all"], "94 months (95% CI 75 to 118)"),
            (RATES[5], "5 years: 60% (95% CI 49 to 70%)"),
            (RATES[8], "8 years: 40% (95% CI 30 to 51%)"),
            (OS_RATIO, ""),
        ],
        ["p-against-medians", "p-needs-more-events"],
    ),
    "a p-value smaller than its rates": (
        [comparison("outcome: OS, of: [operated, observed], p: < 0.0000001, time: 5 years")],
        ["p-below-rates", "p-needs-more-events"],
    ),
    "a p-value that needs everybody followed": (
        [
            *((rates[5], rates[5].split(" (")[0]) for rates in (RATES, INDEX_RATES)),
            comparison("outcome: OS, of: [operated, observed], p: < 0.005, time: 5 years"),
        ],
        ["survival-without-precision", "p-rests-on-full-follow-up"],
    ),
    "a p-value of zero": ([("p: 0.003", "p: 0.000")], ["p-against-ratio", "p-zero"]),
    # comparisons
    "an odds ratio of a Cox model": (
        [
            ("hazard_ratio: 0.60", "odds_ratio: 0.60"),
            ("test: log-rank", "test: Cox regression\n    read_as: hazard ratio"),
        ],
        ["misnamed-ratio"],
    ),
    "an odds ratio of a Cox model, not read": (
        [("hazard_ratio: 0.60", "odds_ratio: 0.60"), ("test: log-rank", "test: Cox regression")],
        ["misnamed-ratio"],
    ),
    "a ratio against nobody": (
        [comparison("outcome: overall survival, of: [young], hazard_ratio: 0.80 (95% CI 0.60 to 1.07)")],
        ["reference-not-named"],
    ),
    "a p-value alone": (
        [comparison("outcome: overall survival, within: all, by: sex, p: 0.40")],
        ["p-without-effect"],
    ),
    "a p-value of groups without figures": (
        [comparison("outcome: overall survival, of: [young, old], p: 0.40")],
        ["compared-without-tags", "p-without-effect"],
    ),
    "one side hidden": (
        [comparison("outcome: progression-free survival, of: [operated, observed], p: 0.02")],
        ["comparator-figure-missing"],
    ),
    "one side hidden, with a direction": (
        [
            comparison(
                "outcome: progression-free survival, of: [operated, observed], p: 0.02, favours: operated"
            )
        ],
        ["comparator-figure-missing", "p-gives-a-bound"],
    ),
    "groups of unknown size": (
        [
            ("n: 46%, of", "of"),
            ("n: 54%, of", "of"),
            comparison(
                "outcome: overall survival, of: [young, old], hazard_ratio: 0.80 (95% CI 0.60 to 1.07)"
            ),
        ],
        ["compared-without-tags", "group-size-not-printed"],
    ),
    "a part that is not the rest": (
        [
            ("n: 46%, of", "of"),
            ("metastases, at: line 1}", "metastases, not_exhaustive: [age], at: line 1}"),
            comparison(
                "outcome: overall survival, of: [young, old], hazard_ratio: 0.80 (95% CI 0.60 to 1.07)"
            ),
        ],
        ["compared-without-tags", "size-is-not-the-rest"],
    ),
    "the wrong winner": ([("favours: operated", "favours: observed")], ["favours-against-figures"]),
    "a p-value in a caption": (
        [ABSTRACT, ("at: line 6", "at: figure 2")],
        ["result-outside-the-text"],
    ),
    "a p-value below the conclusions": (
        [ABSTRACT, ("at: line 6", "at: line 16")],
        ["result-outside-the-text"],
    ),
    "a p-value on the last page of an article": ([("at: line 6", "at: line 16")], []),
    # claims
    "a benefit for the wrong group": (
        [("index: operated\n    reference: observed", "index: observed\n    reference: operated")],
        ["claim-against-figures"],
    ),
    "a benefit of a retrospective study": ([("randomised trial", "retrospective")], ["observational-effect"]),
    "a benefit without a comparator": (
        [claim("kind: benefit, outcome: overall survival, index: all, comparator: none")],
        ["benefit-without-comparator"],
    ),
    "a benefit against a registry": (
        [claim("kind: benefit, outcome: overall survival, index: all, comparator: external")],
        ["external-comparator"],
    ),
    "a ranking upside down, by rates": (
        [
            claim("kind: ranking, outcome: overall survival, order: [observed, operated]"),
            (MEDIANS["operated"], "not reached"),
        ],
        ["ranking-against-figures"],
    ),
    "a ranking upside down": (
        [claim("kind: ranking, outcome: overall survival, order: [observed, operated]")],
        ["ranking-against-figures"],
    ),
    "sameness from a small p-value": (
        [claim("kind: no difference, outcome: overall survival, index: operated, reference: observed")],
        ["claim-against-p"],
    ),
    "sameness from a large p-value": (
        [
            claim("kind: no difference, outcome: major complications, index: operated, reference: observed"),
            ("p: 0.05", "p: 0.06"),
            ("9/90", "9/89, note: one was lost"),
        ],
        [
            "not-significant-is-not-equal",
        ],
    ),
    "sameness that nothing compares": (
        [claim("kind: no difference, outcome: overall survival, index: young, reference: old")],
        ["claim-without-comparison"],
    ),
    "sameness read off two figures": (
        [
            claim("kind: benefit, outcome: overall survival, index: operated, reference: observed"),
            (OS_COMPARISON, ""),
        ],
        ["claim-without-test", "claim-without-test"],
    ),
    "a recommendation of a retrospective study": (
        [
            claim("kind: recommendation, outcome: overall survival, index: operated"),
            ("randomised trial", "single-arm trial"),
            ("comparator: concurrent", "comparator: external"),
        ],
        ["external-comparator", "recommendation-from-observation"],
    ),
    "a risk called low": (
        [claim("kind: low risk, outcome: major complications, index: operated")],
        ["low-risk-against-figure"],
    ),
    "a risk that is low": ([claim("kind: low risk, outcome: perioperative mortality, index: operated")], []),
    "a frequency in words": (
        [claim("kind: frequency, outcome: recurrence, index: all, wording: universal")],
        ["frequency-without-figure"],
    ),
    "a threshold twice": (
        [claim("kind: threshold is exposure and outcome, outcome: overall survival, index: operated")],
        ["threshold-is-exposure-and-outcome"],
    ),
    "factors without ratios": (
        [claim("kind: risk factor, outcome: overall survival, factors: [age, sex]")],
        ["factors-without-ratios"],
    ),
    "other patients, without a figure": (
        [claim("kind: background, outcome: overall survival")],
        ["background-without-figure"],
    ),
    # cohort
    "no clock": ([("    starts: randomisation\n    at: line 3", "    at: line 3")], ["clock-not-stated"]),
    "a figure beyond the study": (
        [("year: 2015", "year: 2010"), ("accrual: 1998 to 2010", "accrual: 2005 to 2010")],
        ["longer-than-the-study"] * 4,
    ),
    "a figure beyond the study, counted from the diagnosis": (
        [
            ("year: 2015", "year: 2010"),
            ("accrual: 1998 to 2010", "accrual: 2005 to 2010"),
            ("starts: randomisation", "starts: diagnosis"),
        ],
        [],
    ),
    "published before the end": ([("year: 2015", "year: 2009")], ["published-before-the-end"]),
    "far beyond the follow-up": ([("median: 70 months", "median: 45 months")], ["beyond-follow-up"] * 3),
    "fewer looked at than studied": ([("screened: 400", "screened: 150")], ["more-than-screened"]),
    # measurements, repetition
    "nothing treated": ([("4.0 (range 1 to 20)", "4.0 (range 0 to 20)")], ["range-from-zero"]),
    "a mean that no total gives": ([("mean: 4.50", "mean: 4.514")], ["mean-of-nothing"]),
    "printed two ways": (
        [
            (
                "  - outcome: progression-free",
                "  - outcome: overall survival\n    starts: randomisation\n    at: table 1\n    values:\n  "
                "    observed: {median: 66 months (95% CI 53 to 82)}\n  - outcome: progression-free",
            )
        ],
        ["printed-two-ways"],
    ),
    "printed twice": (
        [
            (
                "  - outcome: progression-free",
                "  - outcome: overall survival\n    starts: randomisation\n    at: table 1\n    values:\n  "
                "    observed: {median: 5.0 years (95% CI 4.0 to 6.2)}\n  - outcome: progression-free",
            )
        ],
        [],
    ),
    # risk of bias
    "milder overall than in a domain": ([judged("moderate")], ["overall-below-domain"]),
    "nothing known overall of what is serious": ([judged("no information")], ["overall-below-domain"]),
    "as severe overall as the worst domain": ([judged("serious")], []),
    "worse overall than any domain": ([judged("critical")], []),
    "nothing known overall of what is not serious": (
        [judged("no information", "confounding: moderate, missing data: no information")],
        [],
    ),
    "nothing known of a domain": ([judged("low", "missing data: no information")], []),
    "judged for an outcome that the study has": (
        [("\nclaims:\n", "\nrisk_of_bias:\n  - {tool: RoB 2, outcomes: [OS], overall: low}\nclaims:\n")],
        [],
    ),
    "judged for an outcome that the study does not have": (
        [
            (
                "\nclaims:\n",
                "\nrisk_of_bias:\n  - {tool: RoB 2, outcomes: [recurrence], overall: low}\nclaims:\n",
            )
        ],
        ["judged-outcome-not-reported"],
    ),
    # what only the figures beside it show
    "a ratio turned round": (
        [(OS_RATIO, "    hazard_ratio: 1.67 (95% CI 1.19 to 2.33)\n")],
        ["ratio-turned-round"],
    ),
    "a risk ratio of the counts": (
        [("    p: 0.05\n", "    p: 0.05\n    risk_ratio: 2.0\n")],
        [],
    ),
    "a risk ratio of other counts": (
        [("    p: 0.05\n", "    p: 0.05\n    risk_ratio: 2.9\n")],
        ["ratio-against-counts"],
    ),
    "a count of fewer patients": (
        [("9/90", "9/86"), ("p: 0.05", "p: 0.06")],
        ["whole-differs-from-n"],
    ),
    "an interval of three months": (
        [(MEDIANS["observed"], "60 months (95% CI 59 to 61)")],
        ["interval-too-narrow"],
    ),
    "a count of nobody knows whom": (
        [(MEDIANS["observed"], MEDIANS["observed"] + "\n        count: 55")],
        ["count-of-what"],
    ),
    "a count of deaths": (
        [(MEDIANS["observed"], MEDIANS["observed"] + "\n        deaths: 55 (61%)")],
        [],
    ),
    # what the file cannot mean is found by reading it
    "an estimate outside its interval": (
        [(MEDIANS["all"], "40 months (95% CI 64 to 100)")],
        ["value-outside-interval"],
    ),
    "a comparison of nobody": (
        [("of: [operated, observed]\n    p: 0.05", "of: [operated, observd]\n    p: 0.05")],
        ["unknown-group"],
    ),
    "a study that overlaps with itself": (
        [
            (
                "  accrual: 1998",
                "  overlaps: [{with: made-up, extent: possible, because: so}]\n  accrual: 1998",
            )
        ],
        ["overlap-with-itself"],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_break_raises_exactly_its_codes(name: str, edited) -> None:
    edits, codes = BROKEN[name]
    assert sorted(str(finding["code"]) for finding in edited(*edits)) == sorted(codes)


def test_the_unbroken_study_raises_nothing(edited) -> None:
    assert edited() == []


def test_enough_is_broken() -> None:
    assert len(BROKEN) >= 60
