"""Exhibits as programs get them."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from bixie.kit.messages import catalogue
from bixie.kit.timestamps import format_timestamp
from bixie.ledger.proofs import Proof
from bixie.ledger.schemas import ProofOut
from bixie.ledger.witnesses.statements import RECEIPT_FORMAT
from bixie.vault.exhibit_facts import ExaminationState, ExhibitFacts
from bixie.vault.models import Exhibit, Role, State

__all__ = [
    "AddedExhibitOut",
    "ExhibitOut",
    "NoteOut",
    "PartyQuery",
    "ReceiptOut",
    "RefusalOut",
    "notes_on_order",
]

PartyQuery = Annotated[
    str | None,
    Query(max_length=64, description="merchant it belongs to; the caller's own by default"),
]
"""Query parameter of endpoints that receive something for a party."""


class RefusalOut(BaseModel):
    """Why a file was refused."""

    code: str
    en: str
    zh: str


class ExhibitOut(BaseModel):
    """One file of evidence."""

    id: str
    order: str | None = Field(description="the order's number, as the shop writes it; null once erased")
    party: str | None = Field(description="the merchant it belongs to; null for the tenant itself")
    role: Role = Field(description="its purpose")
    about: str | None = Field(description="of a report: the exhibit that it describes")
    name: str
    sha256: str
    sm3: str
    bytes: int
    media_type: str = Field(description="by the file's content, not by what the upload declared")
    state: State = Field(description="refused: the bytes are safe, and are not handed out; erased: gone")
    error: RefusalOut | None
    examination: ExaminationState | None = Field(
        description="of a claim's file; failed: given up, a person looks; null for what is not examined"
    )
    missing: bool = Field(description="whether its bytes were found to be missing")
    received_at: str
    erased_at: str | None

    @classmethod
    def of(cls, exhibit: Exhibit, facts: ExhibitFacts) -> "ExhibitOut":
        """Return the document of an exhibit."""
        return cls(
            id=exhibit.id,
            order=None if exhibit.state == State.ERASED else exhibit.order_number,
            party=exhibit.party or None,
            role=Role(exhibit.role),
            about=exhibit.about,
            name=exhibit.name,
            sha256=exhibit.sha256,
            sm3=exhibit.sm3,
            bytes=exhibit.bytes,
            media_type=exhibit.media_type,
            state=State(exhibit.state),
            error=None if exhibit.refusal is None else RefusalOut(**exhibit.refusal),
            examination=facts.examination,
            missing=facts.is_missing,
            received_at=format_timestamp(exhibit.received_at),
            erased_at=None if exhibit.erased_at is None else format_timestamp(exhibit.erased_at),
        )


class ReceiptOut(BaseModel):
    """What whoever handed a file in keeps: it proves the event of receipt without trust in this service.

    It is also a witness: ``bixie ledger verify --witness receipt.json``.
    """

    id: str = Field(description="of the exhibit")
    format: str
    sha256: str
    received_at: str
    proof: ProofOut

    @classmethod
    def of(cls, exhibit: Exhibit, proof: Proof) -> "ReceiptOut":
        """Return the receipt for an exhibit."""
        return cls(
            id=exhibit.id,
            format=RECEIPT_FORMAT,
            sha256=exhibit.sha256,
            received_at=format_timestamp(exhibit.received_at),
            proof=ProofOut.of(exhibit.sequence, proof),
        )


class NoteOut(BaseModel):
    """What the sender of a file should know; the file is accepted all the same."""

    code: str
    en: str
    zh: str


class AddedExhibitOut(ExhibitOut):
    """A file of evidence, with what its sender should know."""

    notes: list[NoteOut] = Field(description="vault.order_not_known: no such order yet, or a mistyped number")


def notes_on_order(number: str, *, known: bool) -> list[NoteOut]:
    """Return the notes on the order that a file is kept for.

    Parameters
    ----------
    number : str
        As the sender writes it.
    known : bool
        Whether the store has the order.
    """
    if known:
        return []
    code = "vault.order_not_known"
    text = catalogue("bixie.vault").text(code, order=number)
    return [NoteOut(code=code, en=text.en, zh=text.zh)]
