"""Every check there is, and the one call that runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from evisynth.checks.group_sums import check_group_sums
from evisynth.checks.overlaps import check_overlaps
from evisynth.errors import Finding
from evisynth.studies.study import Study

#: Checks that look at one study at a time.
STUDY_CHECKS: tuple[Callable[[Study], Iterable[Finding]], ...] = (check_group_sums,)
#: Checks that look at all studies together.
COLLECTION_CHECKS: tuple[Callable[[Sequence[Study]], Iterable[Finding]], ...] = (check_overlaps,)


def check_study(study: Study) -> list[Finding]:
    """Run every check that looks at one study."""
    return [finding for check in STUDY_CHECKS for finding in check(study)]


def check_collection(studies: Sequence[Study]) -> list[Finding]:
    """Run every check that looks at all studies together."""
    return [finding for check in COLLECTION_CHECKS for finding in check(studies)]
