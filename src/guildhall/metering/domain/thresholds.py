"""When a council is told how much of an allowance or a cap is used."""

from fractions import Fraction

WHOLE = 100
PERCENT = (50, 80, WHOLE)


def reached(part: Fraction) -> tuple[int, ...]:
    """Return the thresholds that a part has reached.

    >>> reached(Fraction(8, 10))
    (50, 80)
    """
    return tuple(percent for percent in PERCENT if part * 100 >= percent)


def part_used(used: Fraction | int, limit: Fraction | int) -> Fraction:
    """Return how much of a limit is used. Of a limit of nothing, nothing is used until something is.

    >>> part_used(5, 10), part_used(0, 0), part_used(1, 0)
    (Fraction(1, 2), Fraction(0, 1), Fraction(1, 1))
    """
    if limit:
        return Fraction(used) / Fraction(limit)
    return Fraction(1) if used else Fraction(0)
