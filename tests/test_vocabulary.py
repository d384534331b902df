from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from evisynth.errors import UnknownNameError
from evisynth.vocabulary import Outcome, Term, Vocabulary, fold_name

SURVIVAL = Outcome("overall_survival", "Overall survival", "Time to death.", "time_to_event", ("OS",))
RELAPSE = Outcome("recurrence", "Recurrence", "Disease that came back.", "share", ("relapse",))
SURGERY = Term("intervention", "surgery", "Surgery", "Any operation.")
RESECTION = Term("intervention", "resection", "Resection", "Removal.", ("resected",), "surgery")
HEPATECTOMY = Term("intervention", "hepatectomy", "Hepatectomy", "Removal of liver.", (), "resection")
LIVER = Term("site", "liver", "Liver only", "Nowhere else.")
VOCABULARY = Vocabulary(
    {outcome.id: outcome for outcome in (SURVIVAL, RELAPSE)},
    {
        "intervention": {term.id: term for term in (HEPATECTOMY, RESECTION, SURGERY)},
        "site": {"liver": LIVER},
    },
)


@pytest.mark.parametrize(
    "name", ["overall_survival", "Overall survival", "overall-survival", "OVERALL SURVIVAL", "os", "O S"]
)
def test_one_outcome_has_many_spellings(name: str) -> None:
    assert VOCABULARY.outcome(name) is SURVIVAL


def test_terms_are_found_within_their_kind() -> None:
    assert VOCABULARY.term("intervention", "Resected") is RESECTION
    assert VOCABULARY.term("site", "liver-only") is LIVER
    with pytest.raises(UnknownNameError, match="unknown site 'resection'"):
        VOCABULARY.term("site", "resection")


def test_an_unknown_name_suggests_near_ones() -> None:
    with pytest.raises(UnknownNameError) as caught:
        VOCABULARY.outcome("overal survival")
    assert caught.value.suggestions[0] == "Overall survival"
    assert "did you mean 'Overall survival'" in str(caught.value)


def test_a_name_far_from_all_lists_the_labels() -> None:
    with pytest.raises(UnknownNameError) as caught:
        VOCABULARY.outcome("xyz")
    assert str(caught.value) == "unknown outcome 'xyz'; known: Overall survival, Recurrence"


def test_an_unknown_kind_is_an_error_that_lists_the_kinds() -> None:
    with pytest.raises(UnknownNameError, match="intervention"):
        VOCABULARY.term("interventions", "surgery")


def test_narrower_terms_come_with_the_term_itself() -> None:
    assert VOCABULARY.narrower("intervention", "surgery") == ("surgery", "resection", "hepatectomy")
    assert VOCABULARY.narrower("intervention", "resected") == ("resection", "hepatectomy")
    assert VOCABULARY.narrower("site", "liver") == ("liver",)


def test_a_ring_of_broader_terms_ends() -> None:
    one = Term("extent", "one", "One", "First.", (), "two")
    two = Term("extent", "two", "Two", "Second.", (), "one")
    vocabulary = Vocabulary({}, {"extent": {"one": one, "two": two}})
    assert vocabulary.narrower("extent", "one") == ("one", "two")


@given(st.sampled_from(["Overall survival", "OS"]), st.sampled_from([" ", "_", "-", "  "]), st.data())
def test_spaces_hyphens_and_capitals_do_not_matter(name: str, joint: str, data: st.DataObject) -> None:
    letters = [data.draw(st.sampled_from([sign.lower(), sign.upper()])) for sign in name]
    spelled = "".join(letters).replace(" ", joint)
    assert fold_name(spelled) == fold_name(name)
    assert VOCABULARY.outcome(spelled) is SURVIVAL
