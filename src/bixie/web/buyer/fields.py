"""What a buyer's form has: its fields as typed, and its files, kept as evidence before it is acted on.

A browser with script has uploaded its files already and names them (``exhibit``: id and role); one without
sends them with the form (``file.ROLE``).
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from bixie.access.call import Call
from bixie.access.tenancy import TenantSession
from bixie.cases.access import without_party
from bixie.cases.schemas import ExhibitIn
from bixie.identity.errors import LinkError
from bixie.kit.canonical_json import Json
from bixie.kit.sanitise import sanitise
from bixie.orders import repository as orders
from bixie.orders.models import Order
from bixie.vault.checking import check_for_call
from bixie.vault.models import Role
from bixie.vault.service import Upload, keep_bytes, receive, stage
from bixie.web.errors import WebError

__all__ = ["Fields", "Given", "files_of", "order_of"]

_MAX_TYPED = 2_000
_MAX_FILES = 20
_FILE = "file."


@dataclass(frozen=True, slots=True)
class Given:
    """A form as it was sent.

    Parameters
    ----------
    form : FormData
    """

    form: FormData

    def text(self, name: str) -> str:
        """Return a field without blanks around it; empty where it is missing."""
        value = self.form.get(name)
        return value.strip()[:_MAX_TYPED].replace("\x00", "") if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return all values of a field."""
        return [value.strip()[:_MAX_TYPED] for value in self.form.getlist(name) if isinstance(value, str)]

    @property
    def once(self) -> str:
        """The key of the form: sent twice, it changes nothing more."""
        return self.text("once")

    @property
    def uploaded(self) -> list[ExhibitIn]:
        """Files that were uploaded before.

        Raises
        ------
        WebError
            ``web.invalid`` for what no page of ours sends.
        """
        pairs = [one.partition(":") for one in self.texts("exhibit")]
        try:
            return [ExhibitIn(exhibit=exhibit, role=role or "damage") for exhibit, _, role in pairs]
        except ValidationError as error:
            raise WebError("web.invalid", 422, fields="exhibit") from error

    @property
    def sent(self) -> list[tuple[str, UploadFile]]:
        """Files that came with the form, each with its role."""
        found = [
            (name.removeprefix(_FILE), value)
            for name, value in self.form.multi_items()
            if name.startswith(_FILE) and isinstance(value, UploadFile) and value.filename
        ]
        if len(found) > _MAX_FILES:
            raise WebError("web.too_many_files", 422, maximum=_MAX_FILES)
        return found

    def typed(self) -> dict[str, str]:
        """Return what to show again after a refusal."""
        return {name: self.text(name) for name in self.form if not name.startswith(_FILE) and name != "once"}


async def _given(request: Request) -> AsyncIterator[Given]:
    form = await request.form()
    try:
        yield Given(form)
    finally:
        await form.close()


Fields = Annotated[Given, Depends(_given)]


def order_of(session: TenantSession, order_id: str) -> Order:
    """Return the order of a link.

    Raises
    ------
    LinkError
        ``identity.link_forged`` where it is not there any more.
    """
    order = orders.by_id(session, order_id)
    if order is None:
        raise LinkError("identity.link_forged")
    return order


def files_of(call: Call, order_id: str, given: Given) -> Sequence[ExhibitIn]:
    """Return the files of a form, those that came with it kept as evidence for its order.

    Parameters
    ----------
    call : Call
        Of the buyer.
    order_id : str
    given : Given
    """
    inner = replace(call, principal=without_party(call.principal))
    with inner.reading() as session:
        order = order_of(session, order_id)
        number, party = order.number, order.party
    kept = [*given.uploaded]
    for place, (role, file) in enumerate(given.sent):
        name = sanitise(file.filename or "") or "file"
        upload = Upload(file.file, name, number, Role.CLAIM, party)
        exhibit = _kept(replace(inner, idempotency_key=_key(given.once, place)), upload)
        kept.append(ExhibitIn(exhibit=exhibit, role=role))
    return kept


def _kept(call: Call, upload: Upload) -> str:
    with stage(call.blobs, upload, call.limits) as staged:

        def work(session: TenantSession) -> Json:
            return {"exhibit": receive(session, call.blobs, staged, call.clock).id}

        keep = partial(keep_bytes, call.blobs, call.principal.tenant, staged)
        parts = (upload.order_number, upload.party, staged.received.sha256)
        done = call.once("buyer.file", tuple(one.encode() for one in parts), work, before=keep)
    check_for_call(call, done["exhibit"])
    return str(done["exhibit"])


def _key(once: str, place: int) -> str | None:
    """Return a key for one file of a form; several files of one form are several things to do once."""
    return hashlib.sha256(f"{once}\n{place}".encode()).hexdigest() if once else None
