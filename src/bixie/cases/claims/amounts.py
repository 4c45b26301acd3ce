"""Amounts as people write them."""

from bixie.kit.messages import Text
from bixie.kit.money import yuan_from_fen

__all__ = ["money_text"]


def money_text(minor: int, currency: str = "CNY") -> Text:
    """Return an amount in words.

    Parameters
    ----------
    minor : int
        Minor units: fen of CNY. Negative for what is saved.
    currency : str

    Examples
    --------
    >>> money_text(5970).zh
    '59.70 元'
    """
    sign, number = "-" if minor < 0 else "", yuan_from_fen(abs(minor))
    unit = "元" if currency == "CNY" else currency
    return Text(en=f"{sign}{number} {currency}", zh=f"{sign}{number} {unit}")
