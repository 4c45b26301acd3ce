"""Tables of uploads that are sent in parts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.tenancy import PartyOwned, TenantOwned
from bixie.store.base import Base, CanonicalJson

__all__ = ["ResumableUpload", "UploadPart", "UploadState"]


class UploadState(StrEnum):
    """The state of an upload."""

    OPEN = "open"
    """Bytes are missing, or the complete file was not received by the vault yet."""
    DONE = "done"
    """There is an exhibit."""
    REFUSED = "refused"
    """The vault has refused the file."""
    GONE = "gone"
    """Ended early; what is left of it is being removed."""


class ResumableUpload(PartyOwned, Base):
    """A file on its way into the vault."""

    __tablename__ = "upload"
    __table_args__ = (Index(None, "tenant", "party", "state", "expires_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    order_number: Mapped[str]
    role: Mapped[str]
    name: Mapped[str]
    about: Mapped[str]
    """``Upload-Metadata`` as the client wrote it: the protocol wants it repeated."""
    length: Mapped[int]
    state: Mapped[str]
    exhibit_id: Mapped[str | None]
    refusal: Mapped[dict[str, str] | None] = mapped_column(CanonicalJson)
    """Code and sentences in both languages."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class UploadPart(TenantOwned, Base):
    """Some bytes of an upload that are safe; how far it has come is the sum of these."""

    __tablename__ = "upload_part"

    upload_id: Mapped[str] = mapped_column(primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Offset of the part in the file, in bytes."""
    size: Mapped[int]
    """Without the part's own mark."""
    sha256: Mapped[str]
    """Of the kept file, its mark included."""
