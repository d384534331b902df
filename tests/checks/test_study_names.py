"""What to type instead of the name of a study that is not here."""

from __future__ import annotations

from evisynth.checks import StudyNames, find_check, overlap_entry, two_studies


def test_near_misses_are_named() -> None:
    assert StudyNames(["mayo-2024", "iowa-2016"]).advice("mayo-2042") == "did you mean 'mayo-2024'?"


def test_a_folder_of_many_wrong_names_is_not_searched_for_each(monkeypatch) -> None:
    asked = []

    def suggest(name: str, known: list[str]) -> str:
        asked.append(name)
        return "known"

    monkeypatch.setattr("evisynth.checks.study_cards.suggestion_text", suggest)
    names = StudyNames(["a"])
    advice = [names.advice(f"study-{number % 500}") for number in range(5_000)]
    assert len(asked) == len(set(asked)) == 20
    assert advice[0] == advice[500] == "known"
    assert advice[499] == ""


def test_an_unknown_study_is_told_with_its_near_miss(outcomes_of) -> None:
    (found,) = outcomes_of(
        find_check("overlap-unknown-study"), two_studies(overlap_entry("twoo", "possible"))
    )
    assert found.fix == "did you mean 'two'?"
