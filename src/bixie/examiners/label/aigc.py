"""Find and parse the AIGC label of GB 45438-2025, leniently: its writers are careless.

`Label` records every deviation; `bixie.examiners.label.grading` says which of them the standard allows.
"""

import base64
import binascii
import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

from bixie.examiners.label.fields import Field

__all__ = ["FIELDS", "MAX_LABEL", "TENCENT_FIELDS", "Label", "find_label", "is_label_key"]

FIELDS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
"""The seven fields of annex E, in its order."""

TENCENT_FIELDS = ("ServiceProvider", "ServiceUser", "Time", "ContentId")
"""Another provider's own schema, seen in EXIF ImageDescription: it has no Label field."""

MAX_LABEL = 64 * 1024
"""Characters of a label that are parsed; real ones have some hundred."""

TC260 = "http://www.tc260.org.cn/ns/AIGC/1.0/"
_MARK = re.compile(r"AIGC[\"'\s:=]{0,8}[{&]|TC260")
_OWN_KEYS = frozenset({"aigc_label_type", "aigc_info"})
_NAMES = "|".join((*FIELDS, *TENCENT_FIELDS))
_PAIR = re.compile(
    rf"[\"']?\b({_NAMES})\b[\"']?\s*[:=]\s*(?:\"([^\"]{{0,2000}})\"|'([^']{{0,2000}})'|(\w{{1,64}}))"
)
_NAMED = re.compile(rf"\b(?:{_NAMES})\b")
_JSON_PIECE = re.compile(rf"\"(?:{_NAMES})\"\s*:|\"\s*\}}")
_BASE64 = re.compile(r"\s*[A-Za-z0-9+/_-]{24,}={0,2}\s*")
_BLANKS = re.compile(r"[ \0\ufffd]{8,}|\0")
_ENTITIES = ("quot;", "#34;", "#x22;")
_MEANINGS = {"属于": "1", "可能": "2", "疑似": "3"}
_SCHEMA_FIELDS = 3


@dataclass(slots=True)
class Label:
    """One label as it stands in the file.

    Parameters
    ----------
    place : Field
    values : dict
        What was read, by field name, as JSON gave it.
    keyed : bool
        Whether the key or keyword contains ``AIGC``, as clause 6.1 wants.
    parsed : bool
        Whether it is a JSON object; otherwise its fields were picked out one by one.
    repeated : tuple of str
        Fields that stand more than once in the object.
    encoded : bool
        Whether it was Base64.
    schema : str
        ``gb45438`` or ``tencent``.
    damage : str
        Empty, or how it was damaged: ``cut``, ``blanked``, ``values_blanked``, ``emptied``.
    too_long : bool
        Whether only its beginning was read.
    """

    place: Field
    values: dict[str, Any] = field(default_factory=dict)
    keyed: bool = True
    parsed: bool = True
    repeated: tuple[str, ...] = ()
    encoded: bool = False
    schema: str = "gb45438"
    damage: str = ""
    too_long: bool = False

    @property
    def meaning(self) -> str:
        """The legal meaning of the Label field: ``1``, ``2``, ``3``, or empty where it says none of these."""
        value = self.values.get("Label")
        if "Label" in self.repeated or isinstance(value, bool):
            return ""
        text = str(value).strip() if isinstance(value, str | int) else ""
        text = _MEANINGS.get(text, text)
        return text if text in ("1", "2", "3") else ""


def find_label(place: Field) -> Label | None:
    """Return the label that a field holds, or what is left of one; None where it holds none.

    Parameters
    ----------
    place : Field
    """
    keyed = is_label_key(place.key, place.namespace)
    text = place.text[:MAX_LABEL]
    if not keyed and not _NAMED.search(text) and not _MARK.search(text):
        return None
    text, encoded = _plain(text)
    pairs = _object(text)
    read = _from_object(place, pairs, keyed=keyed) if pairs is not None else None
    label = read if pairs is not None else _picked(place, text, keyed=keyed)
    if label is not None:
        label.encoded = encoded
        label.too_long = len(place.text) > MAX_LABEL
        if label.too_long:
            label.damage = ""  # it was cut here, not in the file
    return label


def is_label_key(key: str, namespace: str = "") -> bool:
    """Return whether a field of this name is a label's place; services have fields of their own like it."""
    folded = key.casefold()
    return (namespace == TC260 or "aigc" in folded) and folded not in _OWN_KEYS


def _plain(text: str) -> tuple[str, bool]:
    """Undo entities, once or twice, and Base64."""
    for _ in range(2):
        if any(quote in text for quote in _ENTITIES):
            text = html.unescape(text)
    if "{" not in text and _BASE64.fullmatch(text):
        try:
            inner = base64.b64decode(text.strip() + "==", altchars=b"-_", validate=False).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return text, False
        if _NAMED.search(inner):
            return inner, True
    return text, False


class _Pairs(list[tuple[str, Any]]):
    """The pairs of a JSON object in their order, repeated keys and all."""


def _object(text: str) -> _Pairs | None:
    begin = text.find("{")
    if begin < 0:
        return None
    try:
        found, _ = json.JSONDecoder(object_pairs_hook=_Pairs, strict=False).raw_decode(text, begin)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, _Pairs) else None


def _from_object(place: Field, pairs: _Pairs, *, keyed: bool) -> Label | None:
    for key, value in pairs:
        if key.casefold() == "aigc" and isinstance(value, _Pairs | str):
            inner = value if isinstance(value, _Pairs) else _object(value)
            if inner is None:
                return _picked(place, str(value), keyed=True)
            pairs, keyed = inner, True
            break
    keyed = keyed or _MARK.search(place.text[:MAX_LABEL].split("{", 1)[0] + "{") is not None
    names = [name for name, _ in pairs]
    values = {name: value for name, value in reversed(pairs) if name in FIELDS}
    if len(values) >= _SCHEMA_FIELDS or (keyed and (values or not _tencent(names))):
        return _complete(Label(place, values, keyed, repeated=_repeated(names)), names)
    if _tencent(names):
        return Label(place, {n: v for n, v in pairs if n in TENCENT_FIELDS}, keyed, schema="tencent")
    return None


def _complete(label: Label, names: list[str]) -> Label | None:
    if not label.values:
        # An empty object under the label's own name is what is left of a label; another object is none.
        label.damage = "" if names else "emptied"
        return label if not names else None
    blank = [v for v in label.values.values() if isinstance(v, str) and len(v) > 1 and not v.strip(" \0")]
    label.damage = "values_blanked" if blank else ""
    return label


def _tencent(names: list[str]) -> bool:
    return len({*names} & {*TENCENT_FIELDS}) >= _SCHEMA_FIELDS


def _repeated(names: list[str]) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if names.count(name) > 1)


def _picked(place: Field, text: str, *, keyed: bool) -> Label | None:
    """Return the fields that can be picked out of text that is no JSON object."""
    found = [(name, double or single or bare) for name, double, single, bare in _PAIR.findall(text)]
    names = [name for name, _ in found]
    marked = keyed or _MARK.search(text) is not None
    if not marked and len({*names} & {*FIELDS[1:]}) < 2:
        return None
    values = {name: value for name, value in reversed(found) if name in FIELDS}
    damage = _damage(text)
    if not values and not damage:
        return None
    return Label(place, values, marked, parsed=False, repeated=_repeated(names), damage=damage)


def _damage(text: str) -> str:
    if not text.strip(" \0\t\r\n"):
        return "emptied"
    if _BLANKS.search(text):
        return "blanked"
    begin = text.find("{")
    if begin >= 0:
        return "" if text.rstrip(" \0\r\n\t").endswith("}") else "cut"
    # A piece of JSON without what should open it: the beginning is gone.
    return "cut" if _JSON_PIECE.search(text) else ""
