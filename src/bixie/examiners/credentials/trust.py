"""The trust lists: certificates of authorities that vouch for signers, and for time stamps.

Dated data files. Shipped are the official list of the C2PA conformance programme, the interim list that was
frozen before it, told apart, and the list of time-stamp authorities. ``BIXIE_TRUST_LIST`` names another list
of signers, which takes the place of the first two.
"""

import base64
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from bixie.kit.errors import SettingError

__all__ = ["SETTING", "Standing", "TrustList", "TrustLists", "product_level", "trust_lists"]

SETTING = "BIXIE_TRUST_LIST"
_MAX_BYTES = 4 * 1024 * 1024
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_SEQUENCE = b"\x30"
"""With this every certificate begins (ITU-T X.690, X.509)."""
_FOLDER = resources.files("bixie.examiners.credentials").joinpath("trust_lists")

Standing = Literal["trusted", "interim", "untrusted", "not_checked"]
"""Of a signer: on a list that vouches, on the interim list only, on none, or no list was there to look at."""


@dataclass(frozen=True, slots=True)
class TrustList:
    """Authorities that are trusted for one thing.

    Parameters
    ----------
    name : str
        ``official``, ``interim``, ``time_stamps``; ``named`` for that of the setting.
    kind : {"manifest", "tsa"}
        Whether it is about signers of credentials or about time stamps.
    vouches : bool
        Whether a signer on it counts as who it says it is.
    uri : str
        By which the library says that a certificate was found in it.
    dated : str
        ISO date on which the list was drawn up.
    next_update : str or None
        ISO date by which a newer one is due.
    source : str
        Where it is from, in its author's words.
    anchors, allowed : str
        Certificates in PEM form: of authorities, and of signers themselves.
    """

    name: str
    kind: Literal["manifest", "tsa"]
    vouches: bool
    uri: str
    dated: str
    next_update: str | None
    source: str
    anchors: str
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class TrustLists:
    """The lists in use, those of signers first.

    Parameters
    ----------
    lists : tuple of TrustList
    """

    lists: tuple[TrustList, ...]

    @property
    def dated(self) -> str | None:
        """Date of the list that vouches for signers; None where none does."""
        return next((one.dated for one in self.lists if one.vouches), None)

    def standing(self, uri: str | None) -> Standing:
        """Return how a signer stands whom the library found in the list of this URI; None for none.

        A list of time-stamp authorities vouches for no signer, though the library trusts one who is on it.
        """
        signers = [one for one in self.lists if one.kind == "manifest"]
        if not signers:
            return "not_checked"
        found = next((one for one in signers if one.uri == uri), None)
        if found is None:
            return "untrusted"
        return "trusted" if found.vouches else "interim"

    def overdue(self, today: date) -> tuple[TrustList, ...]:
        """Return the lists that should have been replaced by today."""
        return tuple(one for one in self.lists if one.next_update and one.next_update < today.isoformat())


def trust_lists(environment: Mapping[str, str] | None = None) -> TrustLists:
    """Return the lists that the environment and the package name.

    Raises
    ------
    SettingError
        ``credentials.trust_list`` when the file named cannot be read or is not such a list.
    """
    path = (os.environ if environment is None else environment).get(SETTING, "")
    return _with_named(path) if path else _shipped()


@cache
def product_level(organisation: str, name: str) -> int | None:
    """Return the assurance level of the conforming product that a certificate names; None for others."""
    rows = (line.split("\t") for line in _read("products.tsv").splitlines() if not line.startswith("#"))
    return next((int(level) for one, product, level in rows if (one, product) == (organisation, name)), None)


@cache
def _shipped() -> TrustLists:
    return TrustLists(tuple(_listed(tomllib.loads(_read("lists.toml"))["list"])))


def _listed(rows: list[dict[str, Any]]) -> Iterator[TrustList]:
    for row in rows:
        due = row.get("next_update")
        yield TrustList(
            name=row["name"],
            kind=row["kind"],
            vouches=row["vouches"],
            uri=row["uri"],
            dated=row["dated"].isoformat(),
            next_update=None if due is None else due.isoformat(),
            source=row["source"],
            anchors=_read(row["anchors"]),
            allowed=_read(row["allowed"]) if "allowed" in row else "",
        )


def _read(name: str) -> str:
    return _FOLDER.joinpath(name).read_text(encoding="utf-8")


@cache
def _with_named(path: str) -> TrustLists:
    try:
        with Path(path).open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            raise ValueError("too large")
        named = _parsed(raw.decode("utf-8-sig"))
    except (OSError, ValueError, KeyError) as error:
        raise TrustListError("credentials.trust_list", name=SETTING, path=path) from error
    others = [one for one in _shipped().lists if one.kind != "manifest"]
    return TrustLists(tuple([named, *others] if named.anchors else others))


def _parsed(text: str) -> TrustList:
    table = tomllib.loads(text)
    dated, source, anchors = table["dated"], table["source"], table["anchors"]
    due = table.get("next_update")
    if not isinstance(dated, date) or not isinstance(source, str) or not isinstance(anchors, str):
        raise ValueError("dated, source and anchors")
    if due is not None and not isinstance(due, date):
        raise ValueError("next_update")
    # The library skips what it cannot read: a list with a mistake in it would silently trust fewer.
    blocks = _BLOCK.findall(anchors)
    if bool(blocks) != bool(anchors.strip()) or not all(map(_is_certificate, blocks)):
        raise ValueError("anchors")
    until = None if due is None else due.isoformat()
    return TrustList(
        "named", "manifest", True, "bixie:named", dated.isoformat(), until, source, anchors.strip()
    )


def _is_certificate(block: str) -> bool:
    return base64.b64decode("".join(block.split()), validate=True)[:1] == _SEQUENCE


class TrustListError(SettingError):
    """The file that ``BIXIE_TRUST_LIST`` names is no trust list."""

    package = "bixie.examiners.credentials"
