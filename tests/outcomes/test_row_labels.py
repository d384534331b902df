from __future__ import annotations

from dataclasses import replace

from hypothesis import given, strategies as st

from evisynth.outcomes import Arm, Comparison, GroupSize, row_labels, study_names

UNKNOWN = GroupSize((), "", "", "")


def arm(study: str, group: str, label: str) -> Arm:
    return Arm(study, group, label, UNKNOWN, {}, "own", ())


def row(study: str, index: str, reference: str | None = None, ids: str = "a vs b") -> Comparison:
    one, _, other = ids.partition(" vs ")
    return Comparison(
        study=study,
        outcome="overall_survival",
        row_group="",
        index=arm(study, one, index),
        reference=None if reference is None else arm(study, other, reference),
        figures=(),
    )


def test_a_study_with_one_row_is_named_alone() -> None:
    assert row_labels([row("one", "Operated", "Not operated"), row("two", "All")]) == ("one", "two")


def test_a_study_is_called_as_its_file_says_unless_two_are_called_the_same() -> None:
    berger = replace(row("berger-2019", "Operated", "Not operated"), study_label="Berger 2019")
    assert row_labels([berger, row("two", "All")]) == ("Berger 2019", "two")
    arms = [replace(berger, index=arm("berger-2019", "x", who)) for who in ("Young", "Old")]
    assert row_labels(arms) == ("Berger 2019, Young vs Not operated", "Berger 2019, Old vs Not operated")
    assert study_names([("berger-2019", "Berger"), ("berger-2020", "Berger"), ("c", ""), ("d", " ")]) == {
        "berger-2019": "Berger (berger-2019)",
        "berger-2020": "Berger (berger-2020)",
        "c": "c",
        "d": "d",
    }


def test_rows_that_differ_in_whom_they_look_at_are_named_by_that() -> None:
    sites = ("Liver only", "Extrahepatic only", "Liver and extrahepatic")
    rows = [row("midgut", f"{site}, resected", f"{site}, not resected") for site in sites]
    assert row_labels([*rows, row("other", "R0", "R2")]) == (*(f"midgut, {site}" for site in sites), "other")


def test_other_rows_are_named_by_their_contrast_said_once() -> None:
    rows = [
        row("mayo", "Liver only, complete", "Liver only, incomplete"),
        row("mayo", "Liver only, complete", "Peritoneum, none"),
        row("mayo", "Younger", "Older"),
    ]
    assert row_labels(rows) == (
        "mayo, Liver only, complete vs incomplete",
        "mayo, Liver only, complete vs Peritoneum, none",
        "mayo, Younger vs Older",
    )
    assert row_labels([row("mayo", "Younger"), row("mayo", "Older")]) == ("mayo, Younger", "mayo, Older")


def test_labels_that_cannot_tell_rows_apart_give_way_to_ids() -> None:
    rows = [row("a", "Operated", "Not", "x vs y"), row("a", "Operated", "Not", "z vs y")]
    assert row_labels(rows) == ("a, x vs y", "a, z vs y")
    assert row_labels([row("a", "", "", "x vs y")] * 2) == ("a, x vs y (1)", "a, x vs y (2)")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["one", "two"]),
            st.sampled_from(["", "A", "B, old", "B, young", "C, D, E"]),
            st.none() | st.sampled_from(["", "A", "B, old", "B, none"]),
        ),
        max_size=8,
    )
)
def test_no_two_rows_have_the_same_name_and_each_names_its_study(
    rows: list[tuple[str, str, str | None]],
) -> None:
    found = row_labels([row(*each) for each in rows])
    assert len(set(found)) == len(rows)
    assert all(name.split(",")[0] == study for name, (study, *_) in zip(found, rows, strict=True))
