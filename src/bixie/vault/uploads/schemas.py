"""Uploads as programs get them."""

from pydantic import BaseModel, Field

from bixie.kit.timestamps import format_timestamp
from bixie.vault.schemas import NoteOut, RefusalOut
from bixie.vault.uploads.service import UploadProgress

__all__ = ["UploadOut"]


class UploadOut(BaseModel):
    """An upload in parts."""

    id: str
    offset: int = Field(description="bytes that are safe")
    length: int = Field(description="bytes of the whole file")
    exhibit: str | None = Field(description="id of the exhibit that it became")
    error: RefusalOut | None = Field(description="why the whole file was refused")
    notes: list[NoteOut] = Field(description="vault.order_not_known: no such order yet, or a mistyped number")
    expires_at: str = Field(description="until then it can be resumed or asked for")

    @classmethod
    def of(cls, progress: UploadProgress) -> "UploadOut":
        """Return the document of an upload, without notes."""
        upload = progress.upload
        return cls(
            id=upload.id,
            offset=progress.offset,
            length=upload.length,
            exhibit=upload.exhibit_id,
            error=None if upload.refusal is None else RefusalOut(**upload.refusal),
            notes=[],
            expires_at=format_timestamp(upload.expires_at),
        )
