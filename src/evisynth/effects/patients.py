"""How many patients stand behind a figure, when the print leaves it open too."""

from __future__ import annotations

from dataclasses import dataclass

from evisynth.effects.arm_words import group_words, in_group
from evisynth.effects.grounds import Grounds, assuming, downgraded, size_input
from evisynth.outcomes.comparison import Arm, Comparison
from evisynth.outcomes.reported_outcome import ReportedOutcome


@dataclass(frozen=True, slots=True)
class Patients:
    """The admissible numbers of patients, smallest first, and where they come from."""

    candidates: tuple[int, ...]
    grounds: Grounds

    @property
    def smallest(self) -> int:
        """The number to work with: it gives the widest standard error."""
        return self.candidates[0]

    @property
    def exact(self) -> int | None:
        """The number when only one is admissible."""
        return self.candidates[0] if len(self.candidates) == 1 else None


def patients_behind(
    comparison: Comparison, arm: Arm, figure: ReportedOutcome | None = None
) -> Patients | None:
    """Return the patients behind a figure: its own number when printed, else the arm's; None when unknown."""
    for own in (figure.denominator, figure.n) if figure is not None else ():
        if own is not None and own > 0:
            same = own in arm.size.candidates
            return Patients((own,), Grounds(inputs=(size_input(arm),) if same else ()))
    if figure is not None and figure.n_not_reported:
        return None
    candidates = tuple(sorted({count for count in arm.size.candidates if count > 0}))
    if not candidates:
        return None
    grounds = Grounds(inputs=(size_input(arm),))
    if len(candidates) > 1:
        reach = f"{candidates[0]} to {candidates[-1]}"
        grounds += assuming(
            f"{group_words(comparison, arm)} has {reach} patients ({arm.size.how}); {candidates[0]} gives "
            "the widest interval"
        )
        grounds += downgraded(
            "patients_not_exact", f"the number of patients{in_group(comparison, arm)} is not printed: {reach}"
        )
    return Patients(candidates, grounds)
