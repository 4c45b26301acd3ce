"""Bounds of a share that was counted: how far 3 of 40 may be off."""

from math import sqrt

__all__ = ["wilson"]

_Z = 1.959963984540054
"""Quantile of the normal distribution at 97.5 %: two-sided bounds of 95 %."""


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % bounds of a share after `count` of `total`.

    Parameters
    ----------
    count : int
        From 0 to `total`.
    total : int
        With 0, the share may be anything.

    Returns
    -------
    low, high : float
        From 0 to 1.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927), 209-212. The score interval, without continuity correction.
    """
    if total == 0:
        return 0.0, 1.0
    share, square = count / total, _Z * _Z / total
    middle = share + square / 2
    reach = _Z * sqrt((share * (1 - share) + square / 4) / total)
    # At both ends the bound is exact; rounding errors would move it past the end.
    low = 0.0 if count == 0 else (middle - reach) / (1 + square)
    high = 1.0 if count == total else (middle + reach) / (1 + square)
    return low, high
