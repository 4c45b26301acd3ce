"""The examiner as the measuring asks it: bytes in, findings out."""

from bixie.examiners.label.file_marks import read_marks
from bixie.examiners.label.findings import findings
from bixie.examiners.label.producer import Register
from bixie.examiners.results import Finding
from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk

__all__ = ["LIMITS", "names_carrier", "read", "said"]

LIMITS = Limits()
_NOBODY = Register("")
_IGNORED = ("label.removed.bare_png",)
"""Every small PNG without metadata is one; the matrix is about what was put in."""


def read(data: bytes) -> list[Finding]:
    """Return what the examiner says of a file."""
    return findings(read_marks(walk(source_from_bytes("file", data), LIMITS), LIMITS, _NOBODY))


def said(data: bytes) -> dict[str, Finding]:
    """Return the findings of a file by code, without what every PNG says."""
    return {finding.code: finding for finding in read(data) if finding.code not in _IGNORED}


def names_carrier(finding: Finding, carrier: str) -> bool:
    """Return whether a finding names `carrier` as the first place of its mark."""
    return bool(finding.data["places"]) and finding.data["places"][0]["carrier"] == carrier
