"""What somebody adds to a clone does not reach the tests that pin figures."""

from __future__ import annotations

from five_studies import FIVE_STUDIES, QUESTIONS, STUDIES, TERMS, known_terms

from evisynth.pipeline import Evidence

OWN = """\
  radioembolisation:  # for a study of one's own
    label: Radioembolisation

    # what is meant
    definition: Microspheres that carry yttrium-90 into the arteries of the liver.
"""


def test_the_project_holds_what_is_named_and_nothing_else() -> None:
    evidence = Evidence(FIVE_STUDIES)
    assert [study.id for study in evidence.studies()] == list(STUDIES)
    assert sorted(evidence.question_ids()) == list(QUESTIONS)
    vocabulary = evidence.vocabulary()
    assert {*vocabulary.outcomes, *(term for kind in vocabulary.terms.values() for term in kind)} == TERMS


def test_a_term_of_ones_own_is_left_out_wherever_it_stands() -> None:
    known = (FIVE_STUDIES / "evidence" / "vocabulary.yaml").read_text(encoding="utf-8")
    assert known_terms(known) == known
    assert known_terms(known.replace("interventions:\n", "interventions:\n" + OWN)) == known.replace(
        "interventions:\n", "interventions:\n\n"
    )
    assert known_terms(known + OWN) == known + "\n"
