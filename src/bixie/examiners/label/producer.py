"""Decode the 27 characters by which a provider of AI services names itself (TC260-PG-20252A).

``00`` format, ``1`` organisation, ``1`` bound to its unified social credit code, that code (18 characters,
GB 32100-2015), one character for the service, four for the model or application. Anyone can write any code
into a file: it names an entity, it does not prove that the entity made the file.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from bixie.kit.errors import SettingError
from bixie.kit.messages import Text
from bixie.kit.reasons import plain_reason
from bixie.kit.sanitise import sanitise

__all__ = ["SETTING", "Producer", "Register", "check_character", "decode_producer", "register"]

SETTING = "BIXIE_LABEL_PRODUCERS"
"""Environment variable: a file of the same form as ``producers.toml``, whose entries count before ours."""

_CODE = re.compile(r"(\d{2})(\d)(\d)([0-9A-Z]{18})([0-9A-Z])([0-9A-Z]{4})")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, index, 31) for index in range(17))
_SERVICES = {"1": "generation", "2": "propagation"}
_MAX_FILE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Producer:
    """A provider's code, decoded.

    Parameters
    ----------
    code, uscc, service, model : str
        `service` is ``generation``, ``propagation`` or ``undefined``.
    valid : bool
        Whether the format's fixed characters and the check character of the credit code are right.
    entity : dict or None
        What the register says of the credit code.
    """

    code: str
    uscc: str
    service: str
    model: str
    valid: bool
    entity: dict[str, str] | None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON types."""
        return {
            "code": self.code,
            "uscc": self.uscc,
            "service": self.service,
            "model": self.model,
            "valid": self.valid,
            "entity": self.entity,
        }


@dataclass(frozen=True, slots=True)
class Register:
    """Known providers.

    Parameters
    ----------
    as_of : str
        Date of the list, ISO 8601.
    by_code : dict
        Unified social credit code to ``{"name", "service", "source", "as_of"}``.
    by_name : dict
        The same for providers that write a name instead of a code; keys are case-folded.
    """

    as_of: str
    by_code: dict[str, dict[str, str]] = field(default_factory=dict)
    by_name: dict[str, dict[str, str]] = field(default_factory=dict)


def decode_producer(value: str, known: Register) -> Producer | None:
    """Return a provider's code, decoded; None where `value` does not have that form.

    Parameters
    ----------
    value : str
        As ``ContentProducer`` or ``ContentPropagator`` says it.
    known : Register
    """
    match = _CODE.fullmatch(value)
    if match is None:
        return None
    version, subject, binding, uscc, service, model = match.groups()
    right = (version, subject, binding) == ("00", "1", "1") and check_character(uscc) == uscc[-1]
    entity = known.by_code.get(uscc) if right else None
    return Producer(value, uscc, _SERVICES.get(service, "undefined"), model, right, entity)


def check_character(uscc: str) -> str:
    """Return the 18th character that the first 17 of a unified social credit code call for; empty if none.

    References
    ----------
    GB 32100-2015, 4.2.5: 31 minus the sum of the values times 3^i modulo 31, modulo 31.
    """
    if len(uscc) < 17 or any(letter not in _ALPHABET for letter in uscc[:17]):
        return ""
    total = sum(_ALPHABET.index(letter) * weight for letter, weight in zip(uscc[:17], _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def register(environment: Mapping[str, str] | None = None) -> Register:
    """Return the known providers: those of the file that `SETTING` names, then our own.

    Raises
    ------
    SettingError
        ``setting.unreadable_file`` if that file cannot be used.
    """
    path = (os.environ if environment is None else environment).get(SETTING, "")
    own = _shipped()
    if not path:
        return own
    more = _from_file(path)
    return Register(more.as_of, own.by_code | more.by_code, own.by_name | more.by_name)


@cache
def _shipped() -> Register:
    text = resources.files("bixie.examiners.label").joinpath("producers.toml").read_text(encoding="utf-8")
    return _from_text(text)


def _from_file(path: str) -> Register:
    try:
        with Path(path).open("rb") as file:
            raw = file.read(_MAX_FILE + 1)
        if len(raw) > _MAX_FILE:
            raise ValueError(f"more than {_MAX_FILE} bytes")
        return _from_text(raw.decode("utf-8"))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        why = plain_reason(error)
        reason = Text(en=f"{path}: {why.en}", zh=f"{path}：{why.zh}")
        raise SettingError("setting.unreadable_file", name=SETTING, reason=reason) from error


def _from_text(text: str) -> Register:
    document = tomllib.loads(text)
    as_of = str(document["as_of"])
    found = Register(as_of)
    for entry in document.get("producer", []):
        facts = {key: sanitise(str(entry.get(key, ""))) for key in ("name", "service", "source")}
        facts["as_of"] = str(entry.get("as_of", as_of))
        found.by_code.update({str(uscc): facts for uscc in entry.get("uscc", [])})
        found.by_name.update({str(name).casefold(): facts for name in entry.get("written_as", [])})
    return found
