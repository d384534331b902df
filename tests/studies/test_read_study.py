"""The five real files: what they print is what is read, and slips are found where they were made."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from five_studies import FIVE_STUDIES
from hypothesis import HealthCheck, given, settings, strategies as st

from evisynth.errors import Finding, FindingsError
from evisynth.studies import Figure, Study, read_study
from evisynth.vocabulary import Vocabulary

FindingsOf = Callable[[str, str | bytes], list[Finding]]
STUDIES = FIVE_STUDIES / "studies"


def figure_of(study: Study, outcome: str, group: str, statistic: str, time: float | None = None) -> Figure:
    (found,) = [
        entry.figure
        for block in study.outcomes
        if block.outcome == outcome and group in block.values
        for entry in block.values[group].figures
        if (entry.statistic, entry.time_months) == (statistic, time)
    ]
    return found


def test_all_five_files_read(studies: dict[str, Study]) -> None:
    assert sorted(studies) == [
        "gudmundsdottir-2023", "mayo-sinet-peritoneal-2024", "midgut-debulking", "net-liver-surgery-34",
        "parenchyma-sparing-debulking",
    ]  # fmt: skip
    assert all(study.path == f"studies/{name}.yaml" for name, study in studies.items())


def test_a_figure_knows_its_places(studies: dict[str, Study]) -> None:
    study = studies["midgut-debulking"]
    median = figure_of(study, "overall_survival", "M1LR", "median")
    assert median.quantity.value == 151.0
    assert median.source_location == "line 90 (also line 106)"
    lines = (STUDIES / "midgut-debulking.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[median.line - 1][median.column - 1 :].startswith("151 months")
    rate = figure_of(study, "overall_survival", "M1ONr", "survival", 60.0)
    assert (rate.quantity.value, rate.quantity.as_reported) == (1.0, "100%")
    assert figure_of(study, "overall_survival", "M2R", "median").source_location == "line 100"


def test_every_figure_stands_where_the_file_says(studies: dict[str, Study]) -> None:
    for name, study in studies.items():
        lines = (STUDIES / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
        figures = [entry.figure for block in study.comparisons for entry in block.figures]
        figures += [
            entry.figure for block in study.outcomes for row in block.values.values() for entry in row.figures
        ]
        figures += [group.n for group in study.groups.values() if group.n is not None]
        assert len(figures) > 10
        for figure in figures:
            assert lines[figure.line - 1][figure.column - 1 :].startswith(figure.quantity.as_reported)
            assert figure.at is not None


def test_groups_inherit_tags_from_their_whole(studies: dict[str, Study]) -> None:
    groups = studies["midgut-debulking"].groups
    assert (groups["M1LR"].site, groups["M1LR"].intervention) == ("liver", "resection")
    assert groups["M1LNr"].intervention == "no_resection"
    assert groups["M2R"].population == "midgut_net"
    assert groups["reviewed"].population is None
    assert groups["M1LR"].by == "resection"
    assert groups["background"].role == "background"


def test_tags_are_vocabulary_ids(studies: dict[str, Study]) -> None:
    groups = studies["parenchyma-sparing-debulking"].groups
    assert groups["debulked-70"].extent == "at_least_70_percent"
    assert groups["debulked-70"].intervention == "parenchyma_sparing_debulking"
    assert groups["SEER-PNET"].role == "external"
    assert studies["mayo-sinet-peritoneal-2024"].groups["liver"].intervention == "cytoreductive_hepatectomy"


def test_a_share_with_its_count_keeps_both(studies: dict[str, Study]) -> None:
    figure = figure_of(
        studies["parenchyma-sparing-debulking"], "primary_tumor_resection", "LDS", "proportion"
    )
    assert (figure.quantity.value, figure.quantity.count) == (0.842, 91)
    lesions = figure_of(studies["parenchyma-sparing-debulking"], "lesions_treated", "LDS", "median").quantity
    assert (lesions.value, lesions.lower, lesions.upper, lesions.unit) == (6.0, 0.0, 36.0, "lesions")


def test_a_row_may_hide_the_size_of_its_group(studies: dict[str, Study]) -> None:
    figure = figure_of(
        studies["mayo-sinet-peritoneal-2024"], "symptom_relief", "liver-complete", "proportion"
    )
    assert figure.n is not None
    assert figure.n.state == "not_reported"
    assert (figure.quantity.qualifier, figure.quantity.value) == (">=", 0.97)


def test_a_number_worked_out_says_how(studies: dict[str, Study]) -> None:
    size = studies["net-liver-surgery-34"].groups["R2"].n
    assert size is not None and size.worked_out is not None
    assert (size.quantity.count, size.at) == (12, "line 14")


def test_comparisons_say_what_they_compare(studies: dict[str, Study]) -> None:
    (comparison,) = studies["midgut-debulking"].comparisons
    assert comparison.of == ("M1LR", "M1LNr")
    assert (comparison.basis, comparison.time_months, comparison.test) == ("inferred", 120.0, None)
    (p,) = comparison.figures
    assert (p.statistic, p.figure.quantity.qualifier, p.figure.quantity.value) == ("p_value", "<", 0.0001)
    ratio = studies["gudmundsdottir-2023"].comparisons[0]
    assert (ratio.read_as, len(ratio.adjusted_for)) == ("hazard_ratio", 5)
    assert {entry.statistic for entry in ratio.figures} == {"p_value", "odds_ratio"}
    within = studies["gudmundsdottir-2023"].comparisons[3]
    assert (within.of, within.within, within.by) == ((), "all", "year of operation")


def test_the_cohort_is_identified(studies: dict[str, Study]) -> None:
    study = studies["mayo-sinet-peritoneal-2024"]
    assert study.cohort.accrual == (2000, 2020)
    assert study.cohort.institution == "Mayo Clinic"
    assert studies["midgut-debulking"].cohort.accrual is None
    (overlap,) = study.cohort.overlaps
    assert (overlap.with_study, overlap.extent) == ("gudmundsdottir-2023", "probably contained")


def test_ten_slips_in_a_real_file_are_ten_errors(findings_of: FindingsOf) -> None:
    text = (STUDIES / "midgut-debulking.yaml").read_text(encoding="utf-8")
    # what stands there, what is typed instead, where the error must stand in the typed text, its code
    slips = [
        ("  design: retrospective", "  desing: retrospective", "desing", "unknown-key"),
        ("label: Liver only, n: 117,", "label: Liver only, all, n: 117,", "all", "flow-comma"),
        ("n: 80, of: M1L,", "n: 80, of: M1X,", "M1X", "unknown-group"),
        ("no resection, at: line 92", "no resectoin, at: line 92", "no resectoin", "unknown-intervention"),
        ("median: {value: 151 months,", "median: {value: 151%,", "151%", "wrong-unit"),
        ("survival at 10 years: {value: 39%,", "survival at 10 years: {value: 39,", "39", "percent-sign"),
        ("at: line 94\n        median: not reached", "at: line 94\n        median: NR", "NR", "nr-ambiguous"),
        ("median: 142 months", "median: 142 months\n        median: 143 months", "median: 143",
         "duplicate-key"),
        ("    p: < 0.0001", "    p: > 0.05", "> 0.05", "block-scalar"),
        ("    basis: inferred", "\tbasis: inferred", "\t", "tab"),
    ]  # fmt: skip
    for before, after, _, _ in slips:
        assert text.count(before) == 1
        text = text.replace(before, after)
    expected = []
    for _, after, mark, code in slips:
        position = text.index(after) + after.index(mark)
        line = text.count("\n", 0, position) + 1
        expected.append((line, position - text.rfind("\n", 0, position), code))
    findings = findings_of("midgut-debulking.yaml", text)
    assert [(finding.line, finding.column, finding.code) for finding in findings] == sorted(expected)
    source = text.split("\n")
    assert all(finding.source_line == source[finding.line - 1] for finding in findings)
    assert all(finding.fix for finding in findings)


def test_several_syntax_errors_are_all_reported(findings_of: FindingsOf) -> None:
    text = (STUDIES / "midgut-debulking.yaml").read_text(encoding="utf-8")
    text = text.replace("  design: retrospective", "  design retrospective")
    text = text.replace("p: < 0.0001", "p: > 0.05")
    text = text.replace("{survival at 5 years: 50%}", "{survival at 5 years: %50}")
    text = text.replace("at: lines 15-17}", "at: lines 15-17")
    found = [(finding.line, finding.code) for finding in findings_of("midgut-debulking.yaml", text)]
    assert found == [(11, "missing-colon"), (74, "quote-needed"), (79, "block-scalar"), (90, "unclosed")]


@pytest.mark.parametrize("name", sorted(path.name for path in STUDIES.glob("*.yaml")))
@pytest.mark.parametrize("change", ["bom", "crlf", "cr", "bom and crlf"])
def test_byte_order_mark_and_line_ends_change_nothing(
    name: str, change: str, tmp_path: Path, vocabulary: Vocabulary, studies: dict[str, Study]
) -> None:
    text = (STUDIES / name).read_text(encoding="utf-8")
    if "cr" in change:
        text = text.replace("\n", "\r\n" if "crlf" in change else "\r")
    path = tmp_path / "studies" / name
    path.parent.mkdir()
    path.write_bytes(("\ufeff" if "bom" in change else "").encode() + text.encode("utf-8"))
    read, original = read_study(path, vocabulary), studies[path.stem]
    assert read.model_copy(update={"sha256": original.sha256}) == original


def test_columns_are_right_behind_a_byte_order_mark_and_beside_wide_letters(findings_of: FindingsOf) -> None:
    text = 'id: a\nsource: {kind: journal abstract, title: "Ä 😀 ≥", yeer: 2024}\n'
    text += "cohort: {}\ngroups: {all: {label: All}}\n"
    for content in (text, "\ufeff" + text, text.replace("\n", "\r\n")):
        (finding,) = findings_of("a.yaml", content)
        assert (finding.code, finding.line, finding.column) == ("unknown-key", 2, 50)


def test_reading_starts_neither_numpy_nor_duckdb() -> None:
    import subprocess
    import sys

    program = (
        "import sys; import evisynth.studies.study_reading, evisynth.studies.vocabulary_reading;"
        "print([m for m in ('numpy','pandas','scipy','matplotlib','duckdb','jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


SIGNS = [*"{}[]:,'\"#&*!|>%@`\\\t\n -?~0", ": ", "- ", "NR", "\x00", "\ufeff", "\u2028", "---\n", "\n  "]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # a file read a second: the machine may be busy
@given(seed=st.integers(0, 2**32), source=st.sampled_from(sorted(STUDIES.glob("*.yaml"))))
def test_no_slip_of_the_keyboard_gives_a_traceback(
    seed: int, source: Path, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    fate = random.Random(seed)
    text = source.read_text(encoding="utf-8")
    for _ in range(fate.choice([1, 2, 4])):
        start = fate.randrange(len(text))
        end = start if fate.random() < 0.5 else start + fate.choice([1, 3, 20])
        text = text[:start] + fate.choice(["", *SIGNS]) + text[end:]
    path = tmp_path / source.name
    path.write_text(text, encoding="utf-8")
    lines = text.count("\n") + text.count("\u2028") + 1
    try:
        study = read_study(path, vocabulary)
    except FindingsError as error:
        assert error.findings
        assert all(1 <= finding.line <= lines and finding.column >= 1 for finding in error.findings)
    else:
        assert study.id == source.stem


def test_a_bare_null_is_refused_as_editors_read_it_as_nothing(findings_of: FindingsOf) -> None:
    text = "id: a\nsource: {kind: journal abstract, title: null}\ncohort: {design: ~, registry: 'null'}\n"
    text += "groups: {all: {label: All}}\n"
    found = [(finding.line, finding.column, finding.code) for finding in findings_of("a.yaml", text)]
    assert found == [(2, 41, "not-a-value"), (3, 18, "not-a-value")]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        # What is unknown is told once: a group that is not known took part in no comparison either.
        ("of: [M1LR, M1LNr]", "of: [M7LR, M1LNr]", ["unknown-group"]),
        # Another study may not be reported, this one has an id.
        ("  sha256:", "  report_of: not reported\n  sha256:", []),
        ("id: midgut-debulking", "id: not reported", ["unreadable-id"]),
    ],
)
def test_one_slip_is_one_mistake(
    root: Path, old: str, new: str, codes: list[str], findings_of: Callable[[str, str], list[Finding]]
) -> None:
    text = (root / "studies" / "midgut-debulking.yaml").read_text(encoding="utf-8")
    assert old in text
    found = findings_of("midgut-debulking.yaml", text.replace(old, new, 1))
    assert [finding.code for finding in found] == codes
