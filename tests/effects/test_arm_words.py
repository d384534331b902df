from __future__ import annotations

from typing import Any

from evisynth.effects import group_words, in_group, of_group


def test_a_single_arm_is_not_named(printed: Any) -> None:
    alone = printed.comparison(printed.arm("A", 10))
    said = [words(alone, alone.index) for words in (group_words, in_group, of_group)]
    assert said == ["the group", "", ""]


def test_the_arms_of_a_contrast_are_told_apart_without_their_ids(printed: Any) -> None:
    both = printed.comparison(printed.arm("A", 10), printed.arm("B", 10))
    assert group_words(both, both.index) == "the index group"
    assert in_group(both, both.index) == " in the index group"
    assert of_group(both, both.reference) == " of the reference group"
