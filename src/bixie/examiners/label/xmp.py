"""Read XMP (ISO 16684-1) without an XML parser: bounded, without expansion, tolerant of damage.

A packet that was cut or blanked in place is no longer XML, and a hostile one abuses XML. Tags are found one
by one; only the five predefined entities and character references are replaced.
"""

import html
import re
from dataclasses import dataclass, field
from itertools import islice

__all__ = ["Packet", "Property", "decoded", "read_packet"]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
WELL_KNOWN = {
    "TC260": "http://www.tc260.org.cn/ns/AIGC/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "rdf": RDF,
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}
"""For a prefix whose declaration was blanked or cut off: what it stands for by custom."""

_DEEPEST = 64
_TAG_END = re.compile(r"[>\"']")
_NAME = re.compile(r"[^\s/>=]+")
# Begun behind a blank only, and possessive: a tag of a million letters is looked at once.
_ATTRIBUTE = re.compile(r"(?<=[\s\0])([^\s\0=/\"'<>]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)')")
_PREDEFINED = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_REFERENCE = re.compile(r"&(?:lt|gt|quot|apos|amp|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_SKIPPED = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
_CDATA = "<![CDATA["


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a packet.

    Parameters
    ----------
    namespace, name : str
        The URI; empty where the prefix is neither declared nor well known.
    value : str
        References replaced; of an array, its items one by one, each a property of its own.
    form : str
        ``element`` or ``attribute``.
    """

    namespace: str
    name: str
    value: str
    form: str


@dataclass(slots=True)
class Packet:
    """What a packet says.

    Parameters
    ----------
    properties : list of Property
    complete : bool
        False when a tag was cut, or more tags were found than may be read.
    tags : int
        How many tags and attributes were read.
    """

    properties: list[Property] = field(default_factory=list)
    complete: bool = True
    tags: int = 0


def decoded(raw: bytes) -> str:
    """Return a packet's text; XMP is UTF-8 as a rule, UTF-16 or UTF-32 by its standard as well."""
    for mark, encoding in (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    if raw[:2] in (b"<\0", b"\0<"):
        return raw.decode("utf-16-le" if raw[:1] == b"<" else "utf-16-be", "replace")
    return raw.decode("utf-8", "replace")


def read_packet(text: str, most_tags: int) -> Packet:
    """Return the properties of an XMP packet.

    Parameters
    ----------
    text : str
    most_tags : int
        Tags and attributes after which reading stops.
    """
    reading = _PacketReader(text, most_tags)
    while reading.packet.tags < most_tags and reading.step():
        reading.packet.tags += 1
    reading.packet.complete = reading.packet.tags < most_tags and not reading.cut
    return reading.packet


class _PacketReader:
    """One packet being read: a position, the open elements, the prefixes met so far."""

    def __init__(self, text: str, most_tags: int) -> None:
        self.packet = Packet()
        self._most = most_tags
        self.cut = False
        self._text = text
        self._at = 0
        self._open: list[tuple[str, str]] = []
        self._value: list[str] = []
        self._prefixes = dict(WELL_KNOWN)

    def step(self) -> bool:
        """Read up to and including the next tag; return False at the end."""
        begin = self._text.find("<", self._at)
        if begin < 0:
            return False
        self._value.append(_resolved(self._text[self._at : begin]))
        if self._text.startswith(_CDATA, begin):
            end = self._text.find("]]>", begin)
            self._value.append(self._text[begin + len(_CDATA) : end if end >= 0 else len(self._text)])
            return self._continue(end, 3)
        for opening, closing in _SKIPPED:
            if self._text.startswith(opening, begin):
                return self._continue(self._text.find(closing, begin), len(closing))
        end = self._end_of_tag(begin + 1)
        if self._continue(end, 1):
            self._tag(self._text[begin + 1 : end])
            return True
        return False

    def _continue(self, end: int, length: int) -> bool:
        self.cut = end < 0
        self._at = end + length
        return not self.cut

    def _end_of_tag(self, at: int) -> int:
        while found := _TAG_END.search(self._text, at):
            if found[0] == ">":
                return found.start()
            closing = self._text.find(found[0], found.end())
            if closing < 0:
                return -1
            at = closing + 1
        return -1

    def _tag(self, inside: str) -> None:
        if inside.startswith("/"):
            self._close()
            return
        name = _NAME.match(inside)
        if name is None:
            return
        matches = islice(_ATTRIBUTE.finditer(inside, name.end()), max(self._most - self.packet.tags, 0))
        attributes = [(match[1], _resolved(match[2] or match[3] or "")) for match in matches]
        self.packet.tags += len(attributes)
        for key, value in attributes:
            if key.startswith("xmlns:"):
                self._prefixes[key[6:]] = value
        self._value.clear()
        if len(self._open) < _DEEPEST:
            self._open.append(self._resolve(name[0]))
        self._attributes(attributes)
        if inside.endswith("/"):
            self._close(said=True)

    def _attributes(self, attributes: list[tuple[str, str]]) -> None:
        for key, value in attributes:
            if key.startswith(("xmlns", "xml:")):
                continue
            namespace, name = self._resolve(key)
            if namespace != RDF:
                self.packet.properties.append(Property(namespace, name, value, "attribute"))
            elif name == "resource" and self._open:
                self.packet.properties.append(Property(*self._open[-1], value, "element"))

    def _close(self, *, said: bool = False) -> None:
        value = "".join(self._value).strip()
        self._value.clear()
        if not self._open:
            return
        owner = next((one for one in reversed(self._open) if one[0] != RDF), None)
        self._open.pop()
        if owner and value and not said and owner[1] not in ("xmpmeta", "xapmeta"):
            self.packet.properties.append(Property(*owner, value, "element"))

    def _resolve(self, name: str) -> tuple[str, str]:
        prefix, colon, local = name.partition(":")
        return (self._prefixes.get(prefix, ""), local) if colon else ("", name)


def _resolved(text: str) -> str:
    return _REFERENCE.sub(_referenced, text) if "&" in text else text


def _referenced(match: "re.Match[str]") -> str:
    return _PREDEFINED.get(match[0]) or html.unescape(match[0])
