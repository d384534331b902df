"""When a test for small-study effects says nothing: with fewer than ten rows."""

from __future__ import annotations

from evisynth.errors import InvalidDataError

FEWEST_ROWS = 10


def refuse_few_rows(test: str, row_count: int, *, force: bool, least: int = 3) -> None:
    """Refuse a test below ten rows unless it is forced, and below ``least`` rows always.

    Such tests have little power and a distorted size with few rows: they are more likely to mislead than to
    find anything.

    Raises
    ------
    InvalidDataError
        With the number of rows, the reason and what to do.

    References
    ----------
    Sterne et al 2011, BMJ 343:d4002, doi:10.1136/bmj.d4002.
    """
    if row_count < least:
        raise InvalidDataError(f"{test} needs at least {least} rows; there are {row_count}")
    if row_count < FEWEST_ROWS and not force:
        raise InvalidDataError(
            f"{test} needs at least {FEWEST_ROWS} rows; there are {row_count}. With fewer it has too little "
            "power to tell small-study effects from chance; pass force=True to compute it all the same"
        )
