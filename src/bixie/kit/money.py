"""Amounts in whole minor units, and their conversion between yuan and fen; nothing is rounded."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bixie.kit.errors import BixieError

__all__ = ["MAX_FEN", "Currency", "Money", "MoneyError", "decimal_from_fen", "fen_from_yuan", "yuan_from_fen"]

MAX_FEN = 10**13
"""Upper limit of an amount, 100 billion yuan: more is a typing error."""

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217: CNY")]

_DECIMAL = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?")


class MoneyError(BixieError):
    """An invalid amount; ``values["field"]`` names its key."""


class Money(BaseModel):
    """An amount as the API has it: ``{"minor": 1999, "currency": "CNY"}``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    minor: int = Field(strict=True, ge=0, le=MAX_FEN, description="in the currency's smallest unit, fen")
    currency: Currency = "CNY"


def fen_from_yuan(value: object, field: str) -> int:
    """Return an amount in fen.

    Parameters
    ----------
    value : int, float, Decimal or str
        Yuan; a text must be a plain decimal such as ``"195.50"``.
    field : str
        Name of the amount, for the error.

    Returns
    -------
    int
        Fen, 0 or more.

    Raises
    ------
    MoneyError
        ``money.not_an_amount``, ``money.negative``, ``money.fraction_of_a_fen`` or ``money.absurd``.
    """
    if type(value) is int:  # most amounts; `type` excludes bool
        fen: int | Decimal = value * 100
    else:
        fen = _exact(value, field) * 100
        if fen != int(fen):
            raise MoneyError("money.fraction_of_a_fen", field=field, value=value)
    if fen < 0:
        raise MoneyError("money.negative", field=field, value=value)
    if fen > MAX_FEN:
        raise MoneyError("money.absurd", field=field, most=yuan_from_fen(MAX_FEN))
    return int(fen)


def yuan_from_fen(fen: int) -> str:
    """Return fen as yuan for display: ``"6,400"``, ``"195.50"``."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan:,}.{rest:02d}" if rest else f"{yuan:,}"


def decimal_from_fen(fen: int) -> str:
    """Return fen as yuan for programs: ``"6400.00"``, which `fen_from_yuan` reads back."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan}.{rest:02d}"


def _exact(value: object, field: str) -> Decimal:
    # The shortest text of a float is what was written; its binary value would make 0.1 a fraction of a fen.
    text = value if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise MoneyError("money.not_an_amount", field=field)
    if not isinstance(value, str) and "E" in text.upper():
        text = format(Decimal(text), "f")
    if not _DECIMAL.fullmatch(text):
        raise MoneyError("money.not_an_amount", field=field)
    return Decimal(text)
