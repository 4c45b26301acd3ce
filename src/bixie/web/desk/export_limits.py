"""What platforms take as evidence of a merchant, as data: so many pictures, so many characters."""

from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bixie.kit.messages import Text
from bixie.law.yaml_lines import parse_yaml, plain

__all__ = ["ExportLimits", "export_limits", "fitting"]

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}


class ExportLimits(BaseModel):
    """The limits of one form of a platform; None where no limit is known.

    Parameters
    ----------
    key : str
    title : dict of str to str
        In both languages.
    pictures : int or None
    picture_bytes : int or None
    formats : tuple of str
        Endings that are taken; empty for any.
    characters, bytes : int or None
        Of the statement; bytes are those of GB18030, in which Chinese counts two.
    source : str
        Where the limits are from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    title: dict[str, str]
    pictures: int | None = Field(None, ge=1)
    picture_bytes: int | None = Field(None, ge=1)
    formats: tuple[str, ...] = ()
    characters: int | None = Field(None, ge=1)
    bytes: int | None = Field(None, ge=1)
    source: str

    @property
    def name(self) -> Text:
        """The name of the form."""
        return Text(en=self.title["en"], zh=self.title["zh"])

    def takes(self, media_type: str, size: int) -> bool:
        """Return whether a picture can be sent as it is."""
        ending = _ENDINGS.get(media_type, "")
        known = not self.formats or ending in self.formats
        return known and (self.picture_bytes is None or size <= self.picture_bytes)


@cache
def export_limits() -> tuple[ExportLimits, ...]:
    """Return the limits that Bixie comes with, read once."""
    text = resources.files("bixie.web.desk").joinpath("export_limits.yaml").read_text(encoding="utf-8")
    return tuple(
        TypeAdapter(list[ExportLimits]).validate_python(plain(parse_yaml(text, "export_limits.yaml")))
    )


def fitting(text: str, limits: ExportLimits) -> str:
    """Return a statement cut to what fits, at the end of a character."""
    found = text if limits.characters is None else text[: limits.characters]
    if limits.bytes is None:
        return found
    return found.encode("gb18030", errors="replace")[: limits.bytes].decode("gb18030", errors="ignore")
