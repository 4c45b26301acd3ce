"""Exhibits as programs get them."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from bixie.kit.timestamps import format_timestamp
from bixie.vault.models import Exhibit, Role, State
from bixie.vault.uploads.service import UploadProgress

__all__ = ["ExhibitOut", "PartyQuery", "RefusalOut", "UploadOut"]

PartyQuery = Annotated[
    str | None, Query(max_length=64, description="the merchant whose it is; the caller's own when not given")
]
"""A parameter of what comes in."""


class RefusalOut(BaseModel):
    """Why a file was refused."""

    code: str
    en: str
    zh: str


class ExhibitOut(BaseModel):
    """One file of evidence."""

    id: str
    order: str | None = Field(description="the order's number, as the shop writes it; null once erased")
    party: str | None = Field(description="the merchant whose it is; null for the tenant's own")
    role: Role = Field(description="what it is there for")
    about: str | None = Field(description="of a report: the exhibit that it is about")
    name: str
    sha256: str
    sm3: str
    bytes: int
    media_type: str = Field(description="by the file's content, whatever the upload said")
    state: State = Field(description="refused: the bytes are safe, and are not handed out; erased: gone")
    error: RefusalOut | None
    received_at: str
    erased_at: str | None

    @classmethod
    def of(cls, exhibit: Exhibit) -> "ExhibitOut":
        """Return what is told of an exhibit."""
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
            received_at=format_timestamp(exhibit.received_at),
            erased_at=None if exhibit.erased_at is None else format_timestamp(exhibit.erased_at),
        )


class UploadOut(BaseModel):
    """A file that is sent in parts."""

    id: str
    offset: int = Field(description="bytes that are safe")
    length: int = Field(description="bytes of the whole file")
    exhibit: str | None = Field(description="id of the exhibit that it has become")
    error: RefusalOut | None = Field(description="why the whole file was refused")
    expires_at: str = Field(description="until then it can be gone on with, or asked for")

    @classmethod
    def of(cls, found: UploadProgress) -> "UploadOut":
        """Return what is told of an upload."""
        upload = found.upload
        return cls(
            id=upload.id,
            offset=found.offset,
            length=upload.length,
            exhibit=upload.exhibit_id,
            error=None if upload.refusal is None else RefusalOut(**upload.refusal),
            expires_at=format_timestamp(upload.expires_at),
        )
