"""The facts that are assessed: acts with days and amounts, and what a person has confirmed about them.

Each fact is declared once, in the group in which the document has it. `FactsDocument` is the document as
people write it; `Facts` has the same facts side by side, amounts in fen. None always means unknown.
"""

import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from bixie.kit.calendar import day_in_china
from bixie.kit.money import MoneyError, fen_from_yuan
from bixie.kit.validation import coded, refusal
from bixie.law.provinces import PROVINCES, SPECIAL

__all__ = ["MAX_ACTS", "MAX_TEXT", "Act", "ActEntry", "Facts", "FactsDocument"]

MAX_ACTS = 1000
"""More acts need an auditor first; the audited sum can be given as one act."""
MAX_TEXT = 200
_MAX_YEARS = 130
_EARLIEST = datetime.date(1997, 10, 1)
"""The criminal code in force begins here; no act before it can be assessed."""


def _day(value: Any) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        day = value
    else:
        try:
            day = day_in_china(value)
        except (TypeError, ValueError) as error:
            raise refusal("facts.not_a_day") from error
    if day < _EARLIEST:
        raise refusal("facts.too_early", earliest=_EARLIEST.isoformat())
    return day


def _fen(value: Any) -> int:
    try:
        return fen_from_yuan(value, "")
    except MoneyError as error:
        values = {name: value for name, value in error.values.items() if name != "field"}
        raise refusal(error.code, **values) from error


def _as_text(value: object) -> object:
    # Order numbers and shop ids are often written without quotes.
    return str(value) if type(value) is int and abs(value) < 10**MAX_TEXT else value


def _province(value: object) -> str:
    letters = value.removeprefix("CN-") if isinstance(value, str) else ""
    if letters in PROVINCES:
        return letters
    raise refusal("facts.other_law" if letters in SPECIAL else "facts.unknown_province")


def _few(value: object) -> object:
    if isinstance(value, list) and len(value) > MAX_ACTS:
        raise refusal("facts.too_many_acts", count=len(value), limit=MAX_ACTS)
    return value


_Answer = Annotated[bool, Field(strict=True)]
_Day = Annotated[
    datetime.date,
    BeforeValidator(_day),
    WithJsonSchema(
        {
            "type": "string",
            "description": "YYYY-MM-DD, the day in UTC+8, or a time of ISO 8601 with its zone.",
            "examples": ["2026-03-10", "2026-03-10T08:15:00+08:00"],
        }
    ),
]
_Yuan = Annotated[
    int,
    PlainValidator(_fen),
    WithJsonSchema(
        {
            "description": "Yuan, as a number or as a plain decimal; whole fen, not below zero.",
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": r"^[0-9]{1,20}(\.[0-9]{1,20})?$"},
            ],
        }
    ),
]
_Name = Annotated[
    str,
    Field(strict=True, min_length=1, max_length=MAX_TEXT),
    BeforeValidator(_as_text),
    coded("facts.not_a_text", limit=MAX_TEXT),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1, "maxLength": MAX_TEXT}),
]
_Decider = Annotated[
    Literal["merchant", "platform"], coded("facts.not_one_of", values='"merchant", "platform"')
]
_Age = Annotated[int, Field(strict=True, ge=0, le=_MAX_YEARS), coded("facts.not_an_age", limit=_MAX_YEARS)]
_Province = Annotated[
    str, PlainValidator(_province), WithJsonSchema({"type": "string", "pattern": "^(CN-)?[A-Z]{2}$"})
]
_Class = Annotated[
    int,
    Field(strict=True, ge=1, le=2),
    coded("facts.not_one_of", values="1, 2"),
    WithJsonSchema({"enum": [1, 2]}),
]
_Telecom = Annotated[
    Literal["yes", "no", "unknown"], coded("facts.not_one_of", values='"yes", "no", "unknown"')
]


def _fact(description: str) -> Any:
    return Field(default=None, description=description)


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ActFacts(_Group):
    id: _Name | None = _fact("Tells two acts of one day apart, an order number for example.")
    date: _Day | None = _fact("Day of the act.")
    amount_obtained: _Yuan | None = _fact("Paid although the goods did not go back.")
    amount_attempted: _Yuan | None = _fact(
        "Asked for, including what was paid; the same as that where missing."
    )
    processed: _Answer | None = _fact("An authority dealt with this act already.")
    merchant: _Name | None = _fact("Who lost by it.")
    platform_auto_refund: _Answer | None = _fact(
        "The platform paid by itself, without the merchant's agreement."
    )
    goods_returned: _Answer | None = _fact("The goods of this act went back.")
    discovered: _Answer | None = _fact(
        "The police discovered the act in time; false: they have not discovered it."
    )
    discovered_date: _Day | None = _fact("When they discovered it.")
    known_date: _Day | None = _fact("When the merchant knew, or should have known, of the ground.")


class ActEntry(_ActFacts):
    """One act as the document has it: amounts are written in yuan."""

    refund_decided_by: _Decider | None = _fact("`platform_auto_refund` in other words.")


class Act(_ActFacts):
    """One act: one claim that asked for money. Amounts are fen.

    Parameters
    ----------
    index : int
        Its place in the list that was given.
    """

    index: int
    amount_obtained: int | None = None
    amount_attempted: int | None = None

    @classmethod
    def of(cls, entry: ActEntry, index: int, platform_auto_refund: bool | None) -> Self:
        """Return an act from a checked entry of the document."""
        values = {**vars(entry), "index": index, "platform_auto_refund": platform_auto_refund}
        del values["refund_decided_by"]
        return cls.model_validate(values)


class Intent(_Group):
    """What was meant; true only where a person has confirmed it."""

    fabricated_evidence: _Answer | None = _fact("True only where a person has confirmed it.")
    goods_kept: _Answer | None = _fact("The goods were kept.")
    resold: _Answer | None = _fact("The goods were resold.")
    prior_penalty_date: _Day | None = _fact("Last penalty under the public security law.")
    label_stripped: _Answer | None = _fact("A mark of AI content was taken off on purpose.")
    continuous: _Answer | None = _fact("The acts are one continuous prepared, done with one intent.")
    third_party_faked: _Answer | None = _fact(
        "A third person made the evidence and the buyer knew or had to know."
    )


class Person(_Group):
    """Who acted."""

    age: _Age | None = _fact("Years, on the day of the act.")
    is_operator: _Answer | None = _fact("Acted as or for a competing business.")
    pregnant_or_nursing: _Answer | None = _fact("Pregnant, or nursing a child under one year.")


class Place(_Group):
    """Whose lines apply."""

    province: _Province | None = _fact("ISO 3166-2:CN.")
    guangdong_class: _Class | None = _fact("Class of the city, in Guangdong.")


class _OtherModes(_Group):
    unspecified_many: _Answer | None = _fact("False information on the internet to an unspecified many.")
    organised: _Answer | None = _fact("Run as a business.")
    threat: _Answer | None = _fact("Threats beyond normal bargaining.")


class Mode(_OtherModes):
    """By which means."""

    telecom: _Telecom | None = _fact("By telecommunication, as the law on telecom fraud has it.")


class Afterwards(_Group):
    """What happened since, and what weighs heavier."""

    surrender: _Answer | None = _fact("Came forward before being found.")
    confession: _Answer | None = _fact("Confessed.")
    restitution: _Answer | None = _fact("Paid back.")
    victim_forgave: _Answer | None = _fact("The merchant forgave.")
    serious_circumstances: _Answer | None = _fact("Other serious circumstances, confirmed by a person.")


class FactsDocument(_Group):
    """Facts that `bixie law assess` assesses.

    Every key may be left out: what is missing is unknown. Beyond this shape, days must be possible and in
    order, no act may be listed twice, and no fact may contradict another.
    """

    acts: Annotated[list[ActEntry] | None, BeforeValidator(_few)] = Field(
        default=None,
        description="One entry a claim that asked for money. Missing: unknown; empty: there was none.",
        json_schema_extra={"maxItems": MAX_ACTS},
    )
    intent: Intent | None = None
    person: Person | None = None
    place: Place | None = None
    mode: Mode | None = None
    afterwards: Afterwards | None = None
    decision_date: _Day | None = _fact("Day of an authority's decision: the transition rule asks for it.")


class Facts(Intent, Person, Place, _OtherModes, Afterwards):
    """Everything that was said about a matter.

    Parameters
    ----------
    acts : tuple of Act or None
        None if unknown; empty if there were none.
    telecom : bool or None
        By means of telecommunication.
    decision_date : date or None
        Day of an authority's decision.
    """

    acts: tuple[Act, ...] | None = None
    telecom: bool | None = None
    decision_date: _Day | None = None

    @classmethod
    def of(cls, document: FactsDocument, acts: tuple[Act, ...] | None) -> Self:
        """Return the facts of a checked document."""
        groups = (document.intent, document.person, document.place, document.mode, document.afterwards)
        values: dict[str, Any] = {}
        for group in groups:
            if group is not None:
                values |= vars(group)
        values["telecom"] = {"yes": True, "no": False}.get(values.get("telecom", "unknown"))
        return cls.model_validate(values | {"acts": acts, "decision_date": document.decision_date})
