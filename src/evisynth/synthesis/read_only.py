"""Results are values: nobody changes one, its arrays included."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np


def make_arrays_read_only(result: Any) -> None:
    """Forbid writing to every array that a result holds; called when it is made."""
    for part in fields(result):
        value = getattr(result, part.name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
