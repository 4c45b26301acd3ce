"""One mark that was read in a file: what it says, how certain it is, where it stands."""

from dataclasses import dataclass, field
from typing import Any

from bixie.examiners.label.fields import Field
from bixie.examiners.results import Grade

__all__ = ["Mark"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark.

    Parameters
    ----------
    code : str
        Of the finding.
    grade : Grade
    kind : str
        Which marks are versions of one another: ``aigc``, ``iptc.source``, ``generator.comfyui``.
    value : str
        What it says, as it is compared; two marks of one kind and value are copies.
    sentence : str
        Key of the sentence that explains it.
    limits : str
        Key of the sentence that says what it does not say.
    words : dict
        What that sentence needs.
    facts : dict
        For the finding's ``data``; values from the file are cleaned and shortened.
    places : tuple of Field
    """

    code: str
    grade: Grade
    kind: str
    value: str
    sentence: str
    limits: str
    words: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    places: tuple[Field, ...] = ()
