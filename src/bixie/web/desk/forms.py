"""Forms of the desk: their fields and files, and the models of the API that are built from them."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, UploadFile
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile as SentFile

from bixie.kit.money import Money, fen_from_yuan
from bixie.kit.sanitise import sanitise
from bixie.web.errors import WebError

__all__ = ["FormFields", "SentForm", "model_of"]

_MAX_FILES, _MAX_FIELDS = 10, 200
_NOT_WRITTEN = frozenset({"csrf", "once"})
_Model = TypeVar("_Model", bound=BaseModel)


class FormFields:
    """What a form has sent.

    Parameters
    ----------
    sent : FormData
    """

    def __init__(self, sent: FormData) -> None:
        self._sent = sent

    @property
    def csrf(self) -> str:
        """The session's token; empty where the form has none."""
        return self.text("csrf")

    @property
    def once(self) -> str:
        """The key by which a second click changes nothing."""
        return self.text("once")

    def text(self, name: str) -> str:
        """Return a field; empty without one."""
        found = self._sent.get(name)
        return found if isinstance(found, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return all fields of a name: what is checked."""
        return [one for one in self._sent.getlist(name) if isinstance(one, str)]

    def money(self, name: str, currency: str) -> Money | None:
        """Return an amount that is written in yuan; None for an empty field.

        Raises
        ------
        MoneyError
        """
        written = self.text(name).strip().lstrip("¥￥").replace(",", "").strip()
        return Money(minor=fen_from_yuan(written, name), currency=currency) if written else None

    def files(self, name: str) -> list[UploadFile]:
        """Return the files of a field; one that was left empty sends a file without name and bytes."""
        found = [one for one in self._sent.getlist(name) if isinstance(one, SentFile) and one.filename]
        return [UploadFile(one.file, size=one.size, filename=one.filename) for one in found]

    def written(self) -> dict[str, Any]:
        """Return what a person wrote and chose, to show it again."""
        names = [name for name in self._sent if name not in _NOT_WRITTEN]
        every = {name: self.texts(name) for name in names}
        return {name: many if len(many) > 1 else many[0] for name, many in every.items() if many}


async def _read(request: Request) -> AsyncIterator[FormFields]:
    async with request.form(max_files=_MAX_FILES, max_fields=_MAX_FIELDS) as sent:
        yield FormFields(sent)


SentForm = Annotated[FormFields, Depends(_read)]
"""Parameter of an endpoint that takes a form."""


def model_of(model: type[_Model], **values: object) -> _Model:
    """Return the input of a call.

    Raises
    ------
    WebError
        ``web.invalid`` with the fields that are.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise WebError("web.invalid", 422, fields=_names(error.errors())) from error


def _names(faults: Sequence[Any]) -> str:
    return ", ".join(
        dict.fromkeys(".".join(sanitise(str(part), 40) for part in one["loc"]) for one in faults)
    )
