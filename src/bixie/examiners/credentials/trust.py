"""The trust list: certificates of authorities that vouch for their signers' identity.

A dated data file. The shipped one is empty; ``BIXIE_TRUST_LIST`` names another.
"""

import base64
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from bixie.kit.errors import SettingError

__all__ = ["SETTING", "TrustList", "trust_list"]

SETTING = "BIXIE_TRUST_LIST"
_MAX_BYTES = 4 * 1024 * 1024
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_SEQUENCE = b"\x30"
"""With this every certificate begins (ITU-T X.690, X.509)."""


@dataclass(frozen=True, slots=True)
class TrustList:
    """Authorities that are trusted.

    Parameters
    ----------
    dated : str
        ISO date on which the list was drawn up.
    source : str
        Where it is from, in its author's words.
    anchors : str
        Certificates in PEM form, one after another; empty checks no signer.
    """

    dated: str
    source: str
    anchors: str


def trust_list(environment: Mapping[str, str] | None = None) -> TrustList:
    """Return the list that the environment names, else the shipped one.

    Raises
    ------
    SettingError
        ``credentials.trust_list`` when the file named cannot be read or is not such a list.
    """
    path = (os.environ if environment is None else environment).get(SETTING, "")
    return _named(path) if path else _shipped()


@cache
def _shipped() -> TrustList:
    text = (
        resources.files("bixie.examiners.credentials").joinpath("trust_list.toml").read_text(encoding="utf-8")
    )
    return _parsed(text)


@cache
def _named(path: str) -> TrustList:
    try:
        with Path(path).open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            raise ValueError("too large")
        return _parsed(raw.decode("utf-8-sig"))
    except (OSError, ValueError, KeyError) as error:
        raise TrustListError("credentials.trust_list", name=SETTING, path=path) from error


def _parsed(text: str) -> TrustList:
    table = tomllib.loads(text)
    dated, source, anchors = table["dated"], table["source"], table["anchors"]
    if not isinstance(dated, date) or not isinstance(source, str) or not isinstance(anchors, str):
        raise ValueError("dated, source and anchors")
    # The library skips what it cannot read: a list with a mistake in it would silently trust fewer.
    blocks = _BLOCK.findall(anchors)
    if bool(blocks) != bool(anchors.strip()) or not all(map(_is_certificate, blocks)):
        raise ValueError("anchors")
    return TrustList(dated.isoformat(), source, anchors.strip())


def _is_certificate(block: str) -> bool:
    return base64.b64decode("".join(block.split()), validate=True)[:1] == _SEQUENCE


class TrustListError(SettingError):
    """The file that ``BIXIE_TRUST_LIST`` names is no trust list."""

    package = "bixie.examiners.credentials"
