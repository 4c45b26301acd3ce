"""The facts that are assessed: acts with days and amounts, and what a person has confirmed about them.

None always means unknown. What may be written into a file is in ``facts.schema.json``.
"""

import datetime
from dataclasses import dataclass

__all__ = ["Act", "Facts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act: one claim that asked for money.

    Parameters
    ----------
    index : int
        Its place in the list that was given.
    id : str or None
        What tells two acts of one day apart, an order number for example.
    date : date or None
        The day in UTC+8.
    amount_obtained, amount_attempted : int or None
        Fen. What was paid although the goods did not go back; what was asked for, including that.
    processed : bool or None
        An authority has dealt with this act already.
    merchant : str or None
        Who lost by it.
    platform_auto_refund : bool or None
        The platform paid without the merchant's declaration of will.
    goods_returned : bool or None
        The goods of this act went back.
    discovered : bool or None
        An authority has discovered the act.
    discovered_date, known_date : date or None
        When it did; when the merchant knew, or should have known, of its right.
    """

    index: int
    id: str | None = None
    date: datetime.date | None = None
    amount_obtained: int | None = None
    amount_attempted: int | None = None
    processed: bool | None = None
    merchant: str | None = None
    platform_auto_refund: bool | None = None
    goods_returned: bool | None = None
    discovered: bool | None = None
    discovered_date: datetime.date | None = None
    known_date: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that was said about a matter.

    Parameters
    ----------
    acts : tuple of Act or None
        None if nothing was said about acts; empty if there were none.
    fabricated_evidence, goods_kept, resold, label_stripped, continuous, third_party_faked : bool or None
        True only where a person has confirmed it.
    surrender, confession, restitution, victim_forgave, serious_circumstances : bool or None
        What happened afterwards, and what weighs heavier.
    prior_penalty_date : date or None
        The last penalty under the public security law.
    age : int or None
        Years, on the day of the act.
    is_operator, pregnant_or_nursing : bool or None
    province : str or None
        Letters of ISO 3166-2:CN.
    guangdong_class : int or None
        1 or 2.
    telecom, unspecified_many, organised, threat : bool or None
    decision_date : date or None
        Day of an authority's decision.
    """

    acts: tuple[Act, ...] | None = None
    fabricated_evidence: bool | None = None
    goods_kept: bool | None = None
    resold: bool | None = None
    label_stripped: bool | None = None
    continuous: bool | None = None
    third_party_faked: bool | None = None
    surrender: bool | None = None
    confession: bool | None = None
    restitution: bool | None = None
    victim_forgave: bool | None = None
    serious_circumstances: bool | None = None
    prior_penalty_date: datetime.date | None = None
    age: int | None = None
    is_operator: bool | None = None
    pregnant_or_nursing: bool | None = None
    province: str | None = None
    guangdong_class: int | None = None
    telecom: bool | None = None
    unspecified_many: bool | None = None
    organised: bool | None = None
    threat: bool | None = None
    decision_date: datetime.date | None = None
