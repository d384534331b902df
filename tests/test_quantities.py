from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given, strategies as st

from evisynth.quantities import (
    EXAMPLES,
    REFUSALS,
    Kind,
    Quantity,
    QuantityError,
    parse_duration,
    parse_quantity,
)

KINDS: tuple[Kind, ...] = ("duration", "share", "count", "ratio", "p_value", "number", "difference")


def expected(quantity: Quantity, **fields: object) -> None:
    assert {name: getattr(quantity, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("text", "months", "half_unit"),
    [
        ("151 months", 151.0, 0.5),
        ("70.7 months", 70.7, 0.05),
        ("11.5 years", 138.0, 0.6),
        ("11.2 years", 134.4, 0.6),
        ("1 year", 12.0, 6.0),
        ("7 yrs", 84.0, 6.0),
        ("3 mo", 3.0, 0.5),
    ],
)
def test_durations_are_months(text: str, months: float, half_unit: float) -> None:
    quantity = parse_quantity(text, "duration")
    expected(quantity, value=months, half_unit=half_unit, unit="months", state="reported", qualifier="=")
    assert quantity.as_reported == text


def test_days_and_weeks_are_months_of_30_4375_days() -> None:
    assert parse_duration("30 days") == pytest.approx(30 / 30.4375, abs=1e-12)  # rounded to 12 decimals
    assert parse_duration("2 weeks") == pytest.approx(14 / 30.4375, abs=1e-12)
    assert parse_duration("5 years") == 60.0
    assert parse_duration("10 Years") == 120.0


@pytest.mark.parametrize(
    "text", ["", "5", "years", "NR", "not reached", "5 %", "0 years", "-1 year", "5-10 years"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("88%", {"value": 0.88, "half_unit": 0.005, "qualifier": "=", "count": None}),
        ("84.2%", {"value": 0.842, "half_unit": 0.0005}),
        ("100%", {"value": 1.0}),
        ("1.6 %", {"value": 0.016, "half_unit": 0.0005}),
        ("91/108", {"value": 91 / 108, "count": 91, "count_of": 108, "half_unit": None}),
        ("91 of 108", {"count": 91, "count_of": 108}),
        ("91 out of 108 patients", {"count": 91, "count_of": 108}),
        ("91 (84.2%)", {"value": 0.842, "half_unit": 0.0005, "count": 91, "count_of": None}),
        ("91/108 (84.2%)", {"value": 0.842, "count": 91, "count_of": 108}),
        ("at least 97%", {"value": 0.97, "qualifier": ">="}),
        (">= 97%", {"value": 0.97, "qualifier": ">="}),
        ("≥97%", {"value": 0.97, "qualifier": ">="}),
        ("more than 90%", {"value": 0.9, "qualifier": ">"}),
        ("< 5%", {"value": 0.05, "qualifier": "<"}),
        ("up to 20%", {"value": 0.2, "qualifier": "<="}),
        ("approximately 80%", {"value": 0.8, "qualifier": "~"}),
        ("about two thirds", {"value": 2 / 3, "qualifier": "~", "half_unit": None}),
        ("Approximately two-thirds of patients", {"value": 2 / 3, "qualifier": "~"}),
        ("one third", {"value": 1 / 3, "qualifier": "="}),
        ("half", {"value": 0.5, "qualifier": "="}),
        ("the majority", {"value": 0.5, "qualifier": ">"}),
        ("most", {"value": 0.5, "qualifier": ">"}),
        ("the minority", {"value": 0.5, "qualifier": "<"}),
        ("88% (95% CI 80 to 93)", {"value": 0.88, "ci_lower": 0.8, "ci_upper": 0.93, "level": 0.95}),
    ],
)
def test_shares_are_proportions(text: str, fields: dict[str, object]) -> None:
    expected(parse_quantity(text, "share"), unit="proportion", state="reported", **fields)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("80", {"value": 80.0, "count": 80}),
        ("0", {"value": 0.0, "count": 0}),
        ("1,362", {"value": 1362.0, "count": 1362}),
        ("84 patients", {"value": 84.0, "count": 84}),
        ("91/108", {"value": 91.0, "count": 91, "count_of": 108}),
        ("about 80", {"value": 80.0, "qualifier": "~", "count": None}),
    ],
)
def test_counts_are_patients(text: str, fields: dict[str, object]) -> None:
    expected(parse_quantity(text, "count"), unit="patients", half_unit=None, **fields)


@pytest.mark.parametrize(
    ("text", "qualifier", "value", "half_unit"),
    [
        ("0.53", "=", 0.53, 0.005),
        ("0.10", "=", 0.1, 0.005),
        ("0.009", "=", 0.009, 0.0005),
        ("< 0.0001", "<", 0.0001, 0.00005),
        ("<.001", "<", 0.001, 0.0005),
        ("> 0.05", ">", 0.05, 0.005),
        ("≤ 0·01", "<=", 0.01, 0.005),
        ("1.2e-5", "=", 1.2e-5, 5e-7),
        ("1.2 × 10^-5", "=", 1.2e-5, 5e-7),
    ],
)
def test_p_values_keep_their_printed_digits(
    text: str, qualifier: str, value: float, half_unit: float
) -> None:
    quantity = parse_quantity(text, "p_value")
    assert (quantity.qualifier, quantity.value, quantity.unit) == (qualifier, value, "probability")
    assert quantity.half_unit == pytest.approx(half_unit, rel=1e-12)  # a power of ten, halved


def test_states_have_no_value() -> None:
    for text, state in {"not reached": "not_reached", "Not reported": "not_reported"}.items():
        quantity = parse_quantity(text, "duration")
        expected(quantity, state=state, value=None, qualifier=None, unit="months", half_unit=None)
    for kind in KINDS:
        assert parse_quantity("not reported", kind).state == "not_reported"
    with pytest.raises(QuantityError):
        parse_quantity("not reached", "share")


@pytest.mark.parametrize(
    "text",
    [
        "87 months (95% CI 10 to 164)",
        "87 (95% CI 10 to 164) months",
        "87 months (95% CI: 10–164)",
        "87 months (95% confidence interval 10 to 164 months)",
        "87 months (95 % CI, 10 - 164)",
    ],
)
def test_an_interval_shares_the_unit_of_its_value(text: str) -> None:
    expected(
        parse_quantity(text, "duration"), value=87.0, ci_lower=10.0, ci_upper=164.0, level=0.95,
        ci_lower_half_unit=0.5, ci_upper_half_unit=0.5, ci_upper_state="reported", spread=None,
    )  # fmt: skip


def test_a_unit_inside_the_interval_is_its_own() -> None:
    quantity = parse_quantity("7.5 years (90% CI 80 to 100 months)", "duration")
    expected(quantity, value=90.0, ci_lower=80.0, ci_upper=100.0, level=0.9)


def test_an_upper_limit_may_be_not_reached() -> None:
    quantity = parse_quantity("87 months (95% CI 10 to not reached)", "duration")
    expected(quantity, value=87.0, ci_lower=10.0, ci_upper=None, ci_upper_state="not_reached", level=0.95)
    quantity = parse_quantity("not reached (95% CI 62 months to not reached)", "duration")
    expected(quantity, state="not_reached", value=None, ci_lower=62.0, ci_upper_state="not_reached")
    quantity = parse_quantity("95% CI 10 months to not reached", "duration")
    expected(quantity, state="not_reported", value=None, ci_lower=10.0, ci_upper_state="not_reached")
    with pytest.raises(QuantityError):
        parse_quantity("87 months (95% CI not reached to 90)", "duration")


def test_ratios_with_intervals() -> None:
    for text in ("0.62 (95% CI 0.41 to 0.94)", "0·62 (95% CI 0·41–0·94)", "0.62 (95% CI 0.41-0.94)"):
        expected(
            parse_quantity(text, "ratio"), value=0.62, half_unit=0.005, ci_lower=0.41, ci_upper=0.94,
            ci_lower_half_unit=0.005, ci_upper_half_unit=0.005, unit="ratio",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("6.0 (range 0 to 36)", {"value": 6.0, "lower": 0.0, "upper": 36.0, "spread": "range"}),
        ("12 (IQR 3 to 20)", {"value": 12.0, "lower": 3.0, "upper": 20.0, "spread": "iqr"}),
        ("12 (interquartile range: 3-20)", {"lower": 3.0, "upper": 20.0, "spread": "iqr"}),
        ("8.2 ± 1.1 SD", {"value": 8.2, "spread": "sd", "sd": 1.1, "sd_half_unit": 0.05}),
        ("8.2 +/- 1.1 (SE)", {"value": 8.2, "spread": "se", "sd": 1.1}),
        ("8.2 kg ± 1.1 kg (SD)", {"value": 8.2, "spread": "sd", "sd": 1.1, "unit": "kg"}),
        ("8.2 ± SD 1.1", {"spread": "sd", "sd": 1.1}),
        ("8.2 (SEM 1.10)", {"spread": "se", "sd": 1.1, "sd_half_unit": 0.005}),
        ("8.2 (standard deviation: 1.1)", {"spread": "sd", "sd": 1.1}),
        ("8.2 (standard error 1.1)", {"spread": "se", "sd": 1.1}),
        ("8.2 (SD 1.1)", {"value": 8.2, "spread": "sd", "sd": 1.1}),
        ("8.2 (SE 1.1)", {"value": 8.2, "spread": "se", "sd": 1.1}),
        ("6 (range 0 to 36; 95% CI 5 to 7)", {"spread": "range", "ci_lower": 5.0, "upper": 36.0}),
        ("63 years", {"value": 63.0, "unit": "years"}),
        ("-2.5", {"value": -2.5}),
        ("-3 (range -7 to -1)", {"value": -3.0, "lower": -7.0, "upper": -1.0}),
        ("-3 kg (IQR −7–−1)", {"lower": -7.0, "upper": -1.0, "unit": "kg"}),
        ("-3 (95% CI -7 to +1)", {"ci_lower": -7.0, "ci_upper": 1.0}),
    ],
)
def test_numbers_with_a_spread(text: str, fields: dict[str, object]) -> None:
    expected(parse_quantity(text, "number"), **fields)


@pytest.mark.parametrize(
    ("text", "kind", "spread", "sd"),
    [
        ("79% (SE 4%)", "share", "se", 0.04),
        ("79% (SE 4)", "share", "se", 0.04),
        ("79% ± 4% (SE)", "share", "se", 0.04),
        ("60 months (SE 5)", "duration", "se", 5.0),
        ("5 years (SE 0.5)", "duration", "se", 6.0),
        ("0.62 (SE of the log 0.21)", "ratio", "log_se", 0.21),
        ("0.62 (SE 0.21 of the log)", "ratio", "log_se", 0.21),
        ("0.62 (log SE 0.21)", "ratio", "log_se", 0.21),
        ("0.62 (SE(log HR) 0.21)", "ratio", "log_se", 0.21),
        ("0.62 (SE of the ratio 0.21)", "ratio", "se", 0.21),
    ],
)
def test_a_standard_error_says_of_what_it_is(text: str, kind: Kind, spread: str, sd: float) -> None:
    quantity = parse_quantity(text, kind)
    expected(quantity, spread=spread)
    assert quantity.sd == pytest.approx(sd)


def test_a_range_alone_is_read_where_one_is_expected() -> None:
    expected(parse_quantity("0 to 36", "number", "range"), value=None, lower=0.0, upper=36.0, spread="range")
    quantity = parse_quantity("3 to 20 months", "duration", "iqr")
    expected(quantity, lower=3.0, upper=20.0, spread="iqr", unit="months", state="reported")
    assert parse_quantity("not reported", "number", "range").state == "not_reported"


def test_differences_have_a_sign_and_a_unit() -> None:
    expected(parse_quantity("-12%", "difference"), value=-0.12, unit="proportion")
    quantity = parse_quantity("−4 months (95% CI −9 to 2)", "difference")
    expected(quantity, value=-4.0, ci_lower=-9.0, ci_upper=2.0, unit="months")


@pytest.mark.parametrize(
    "interval", ["-7 to -1", "−7 to −1", "−7–−1", "-7 - -1", "-7--1", "-7 months to -1 month", ": -7 to -1"]
)
def test_limits_keep_their_own_signs_and_the_unit_of_the_value(interval: str) -> None:
    quantity = parse_quantity(f"-4 months (95% CI {interval})", "difference")
    expected(quantity, value=-4.0, ci_lower=-7.0, ci_upper=-1.0, unit="months")
    share = parse_quantity(
        f"-4% (95% CI {interval.replace('months', '%').replace('month', '%')})", "difference"
    )
    expected(share, value=-0.04, ci_lower=-0.07, ci_upper=-0.01, unit="proportion")


def test_percentage_points_are_percent() -> None:
    quantity = parse_quantity("-12 percentage points (95% CI -21 to -3)", "difference")
    expected(quantity, value=-0.12, ci_lower=-0.21, ci_upper=-0.03, unit="proportion")


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("", "count", "empty-value"),
        ("NR", "duration", "nr-ambiguous"),
        ("n.r.", "share", "nr-ambiguous"),
        ("NS", "ratio", "ns-ambiguous"),
        ("not significant", "duration", "ns-ambiguous"),
        ("n/a", "count", "not-a-value"),
        ("88", "share", "percent-sign"),
        ("0.88", "share", "percent-sign"),
        ("88", "duration", "missing-unit"),
        ("88%", "duration", "wrong-unit"),
        ("12 months", "share", "wrong-unit"),
        ("12 months", "count", "wrong-unit"),
        ("12%", "p_value", "wrong-unit"),
        ("91 (84.2%)", "count", "count-with-percent"),
        ("108/91", "share", "count-above-whole"),
        ("0/0", "share", "count-of-nobody"),
        ("80.5", "count", "not-whole"),
        ("1,36", "count", "not-whole"),
        ("1,5 months", "duration", "decimal-comma"),
        ("0,62", "ratio", "decimal-comma"),
        ("0.62 (0.41 to 0.94)", "ratio", "interval-not-named"),
        ("12 to 20 months", "duration", "interval-not-named"),
        ("0.62 (CI 0.41 to 0.94)", "ratio", "level-missing"),
        ("0.62 (95% CI 0.94 to 0.41)", "ratio", "interval-reversed"),
        ("0.62 (95% CI 0.63 to 0.94)", "ratio", "value-outside-interval"),
        ("6 (range 7 to 9)", "number", "value-outside-interval"),
        ("8.2 ± 1.1", "number", "spread-not-named"),
        ("8.2 +/- 1.1", "number", "spread-not-named"),
        ("8.2 (± 1.1)", "number", "spread-not-named"),
        ("79% ± 4%", "share", "spread-not-named"),
        ("60 ± 5 months", "duration", "spread-not-named"),
        ("0.62 ± 0.21", "ratio", "spread-not-named"),
        ("79% (SD 4%)", "share", "no-deviation"),
        ("0.62 (SD 0.21)", "ratio", "no-deviation"),
        ("0.62 (SE 0.21)", "ratio", "error-of-what"),
        ("-4 months (95% CI -7 -1)", "difference", "unclear-sign"),
        ("< 0.000", "p_value", "impossible-p-value"),
        ("> 1.00", "p_value", "impossible-p-value"),
        ("120%", "share", "impossible-value"),
        ("1.2", "p_value", "impossible-value"),
        ("-4 months", "duration", "impossible-value"),
        ("8.2 (SD -1)", "number", "impossible-value"),
        ("p = 0.04", "p_value", "unreadable-value"),
        ("median 80 months", "duration", "unreadable-value"),
        ("87 months (about)", "duration", "unreadable-value"),
        ("87 months (95% CI 10 to 164", "duration", "unreadable-value"),
        ("87 months (950% CI 10 to 164)", "duration", "unreadable-value"),
        ("nan", "ratio", "unreadable-value"),
        ("1e999", "ratio", "unreadable-value"),
        ("٣%", "share", "unreadable-value"),
        ("9" * 5_000, "count", "unreadable-value"),
    ],
)
def test_what_is_refused_says_what_to_type(text: str, kind: Kind, code: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, kind)
    assert caught.value.code == code
    assert caught.value.fix.split()[0] in {"type", "look", "write"}
    assert len(caught.value.message) < 150


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("NS", "not_significant"),
        ("n.s.", "not_significant"),
        ("not significant", "not_significant"),
        ("Non-significant", "not_significant"),
        ("significant", "significant"),
        ("statistically significant", "significant"),
    ],
)
def test_a_p_value_may_only_be_called_significant_or_not(text: str, state: str) -> None:
    read = parse_quantity(text, "p_value")
    assert (read.state, read.value, read.qualifier, read.as_reported) == (state, None, None, text)


def test_the_question_behind_a_refusal_is_asked() -> None:
    with pytest.raises(QuantityError, match="is 'NR' not reached"):
        parse_quantity("NR", "duration")
    with pytest.raises(QuantityError, match="p: not significant in the comparison"):
        parse_quantity("NS", "ratio")
    with pytest.raises(QuantityError, match="type 88%"):
        parse_quantity("0.88", "share")


@pytest.mark.parametrize(
    ("text", "kind", "asked"),
    [
        ("79% ± 4%", "share", r"SD\) or a standard error \(SE\): which is it\?; type \(SE 4%\)"),
        ("8.2 ± 1.1", "number", r"type \(SD 1.1\) or \(SE 1.1\)"),
        ("0.62 (SE 0.21)", "ratio", r"type \(SE of the log 0.21\) or \(SE of the ratio 0.21\)"),
        ("< 0.000", "p_value", r"type < 0\.001"),
        ("< 0.0000", "p_value", r"type < 0\.0001"),
    ],
)
def test_what_is_meant_by_an_error_is_asked(text: str, kind: Kind, asked: str) -> None:
    with pytest.raises(QuantityError, match=asked):
        parse_quantity(text, kind)


def test_every_example_of_a_kind_is_of_that_kind() -> None:
    for kind, examples in EXAMPLES.items():
        for example in re.split(r", (?![^(]*\))| or ", examples):
            assert parse_quantity(example.strip('"'), kind).as_reported


def test_every_refusal_is_shown_above() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    shown = {code for code in REFUSALS if f'"{code}")' in source}
    assert set(REFUSALS) - shown == {"unreadable-time"}  # test_what_is_no_time_is_refused


digits = st.integers(0, 10**6)
decimals = st.integers(0, 4)


def printed(number: int, places: int) -> str:
    return f"{number / 10**places:.{places}f}"


@given(number=digits, places=decimals, unit=st.sampled_from([("months", 1.0), ("years", 12.0)]))
def test_a_printed_duration_comes_back(number: int, places: int, unit: tuple[str, float]) -> None:
    name, factor = unit
    quantity = parse_quantity(f"{printed(number, places)} {name}", "duration")
    # one rounding to 12 decimals and one of a product of doubles
    assert quantity.value == pytest.approx(number / 10**places * factor, rel=1e-12, abs=1e-12)
    assert quantity.half_unit == pytest.approx(0.5 / 10**places * factor, rel=1e-12)


@given(number=st.integers(0, 1000), places=st.just(1), sign=st.sampled_from(["", "< ", ">= ", "~ "]))
def test_a_printed_percentage_lies_within_its_half_unit(number: int, places: int, sign: str) -> None:
    quantity = parse_quantity(f"{sign}{printed(number, places)}%", "share")
    assert quantity.value == pytest.approx(number / 1000, abs=1e-12)
    assert quantity.half_unit == pytest.approx(0.0005, rel=1e-12)
    assert quantity.qualifier == (sign.strip() or "=")


@given(count=st.integers(0, 10**6), whole=st.integers(1, 10**6))
def test_a_count_of_a_whole_comes_back(count: int, whole: int) -> None:
    assume(count <= whole)
    quantity = parse_quantity(f"{count:,}/{whole:,}", "share")
    assert (quantity.count, quantity.count_of, quantity.value) == (count, whole, count / whole)


@given(
    values=st.tuples(st.integers(1, 9999), st.integers(1, 9999), st.integers(1, 9999)).map(sorted),
    places=st.integers(0, 3),
    joint=st.sampled_from([" to ", "-", "–", " – "]),
    level=st.sampled_from(["90", "95", "99", "97.5"]),
)
def test_a_ratio_with_its_interval_comes_back(values: list[int], places: int, joint: str, level: str) -> None:
    lower, value, upper = (printed(number, places) for number in values)
    quantity = parse_quantity(f"{value} ({level}% CI {lower}{joint}{upper})", "ratio")
    assert (quantity.value, quantity.ci_lower, quantity.ci_upper) == (
        float(value),
        float(lower),
        float(upper),
    )
    assert quantity.level == pytest.approx(float(level) / 100, rel=1e-15)


@given(text=st.text(max_size=40), kind=st.sampled_from(KINDS))
def test_any_text_is_read_or_refused(text: str, kind: Kind) -> None:
    try:
        quantity = parse_quantity(text, kind)
    except QuantityError as error:
        assert error.message and error.fix
    else:
        assert quantity.as_reported == text


@given(
    text=st.text("0123456789.,%()/ -–±<>=~eCIRangetoSDmhsyr", max_size=30),
    kind=st.sampled_from(KINDS),
    interval=st.sampled_from([None, "range", "iqr"]),
)
def test_any_text_of_the_grammars_signs_is_read_or_refused(text: str, kind: Kind, interval: None) -> None:
    try:
        quantity = parse_quantity(text, kind, interval)
    except QuantityError:
        return
    if quantity.value is not None and quantity.ci_lower is not None:
        assert quantity.ci_lower <= quantity.value
    if quantity.lower is not None and quantity.upper is not None:
        assert quantity.lower <= quantity.upper
