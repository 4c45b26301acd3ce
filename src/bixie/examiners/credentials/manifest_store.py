"""Call the C2PA library: offline, after the limits were checked, its errors as values.

Only this module calls it, and only for a file with a credential. No host is allowed: no remote manifest, no
revocation answer and no identity document is fetched.
"""

import io
import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from bixie.examiners.credentials.trust import TrustList, TrustLists
from bixie.imaging.source import Source

if TYPE_CHECKING:
    import c2pa

__all__ = ["FORMATS", "ManifestStore", "read_manifest_store"]

FORMATS = {
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/webp",
    "image/tiff": "image/tiff",
    "image/gif": "image/gif",
    "image/heic": "image/heic",
    "image/heif": "image/heif",
    "image/avif": "image/avif",
    "video/mp4": "video/mp4",
    "video/quicktime": "video/quicktime",
}
"""Media types that can carry a credential, and what the library calls them."""

_MAX_DECOMPRESSED_MIB = 16
_OFFLINE = {
    "core": {
        "allowed_network_hosts": [],
        "allow_redirects": False,
        "max_decompressed_manifest_size_in_mb": _MAX_DECOMPRESSED_MIB,
    },
    "verify": {
        "verify_after_reading": True,
        "verify_trust": True,
        "verify_timestamp_trust": True,
        "remote_manifest_fetch": False,
        "ocsp_fetch": False,
    },
}


@dataclass(frozen=True, slots=True)
class ManifestStore:
    """What the library says.

    Parameters
    ----------
    state : {"Valid", "Trusted", "Invalid"} or None
        None where it could not read a credential.
    document : dict
        The manifest store, JSON types.
    problem : str or None
        Kind of the library's error: ``ManifestNotFound``, ``Remote``, ``Other`` and so on.
    detail : str
        The library's own words.
    """

    state: str | None = None
    document: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None
    detail: str = ""


def read_manifest_store(source: Source, trusted: TrustLists) -> ManifestStore:
    """Return what the library reads from `source`; an error of the library becomes `ManifestStore.problem`.

    Parameters
    ----------
    source : Source
        Of a media type in `FORMATS`; its credential blocks were counted before.
    trusted : TrustLists

    Raises
    ------
    ImportError
        If the library cannot be loaded on this machine.
    """
    # Here, not above: a native library that few files need. Neither its absence nor a trust list that it
    # cannot use may look like a defect of the file, so both are raised.
    import c2pa  # noqa: PLC0415

    context = _context(trusted)
    stream = io.BytesIO(source.data)
    try:
        with c2pa.Reader(FORMATS[source.media_type], stream, context=context) as reader:
            return ManifestStore(state=reader.get_validation_state(), document=json.loads(reader.json()))
    except Exception as error:  # the library wraps native errors in many types; none may stop the claim
        kind, _, detail = str(error).partition(":")
        return ManifestStore(problem=kind.strip() or type(error).__name__, detail=detail.strip())


@cache
def _context(trusted: TrustLists) -> "c2pa.Context":
    import c2pa  # noqa: PLC0415

    purposes = resources.files("bixie.examiners.credentials").joinpath("purposes.cfg")
    # The library knows purposes for all lists together only, and passes over keys that it does not know.
    trust: dict[str, Any] = {"trust_config": purposes.read_text(encoding="utf-8")}
    if trusted.lists:
        trust["anchors"] = [_entry(one) for one in trusted.lists]
    settings: dict[str, Any] = {**_OFFLINE, "trust": trust}
    return c2pa.Context(c2pa.Settings.from_dict(settings))


def _entry(one: TrustList) -> dict[str, str]:
    entry = {"trust_kind": one.kind, "trust_uri": one.uri, "trust_anchors": one.anchors}
    return {**entry, "allowed_list": one.allowed} if one.allowed else entry
