"""Terms that are suggested deny what the typed one denies."""

from __future__ import annotations

import pytest

from evisynth.errors import UnknownNameError


def test_what_is_denied_leads_to_what_denies_a_kind_of_it(vocabulary) -> None:
    with pytest.raises(UnknownNameError) as raised:
        vocabulary.term("intervention", "no surgery")
    assert "No resection" in str(raised.value)
    assert "'Surgery'" not in str(raised.value)


def test_a_resection_of_the_primary_is_not_told_to_be_none(vocabulary) -> None:
    with pytest.raises(UnknownNameError) as raised:
        vocabulary.term("intervention", "primary tumour resection")
    assert "No resection" not in raised.value.suggestions
