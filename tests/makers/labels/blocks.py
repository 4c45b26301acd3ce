"""The blocks that marks stand in: EXIF, XMP, IPTC-IIM, Content of a label. Written byte by byte."""

import html
import json
import struct

__all__ = [
    "LABEL",
    "PRODUCER",
    "aigc",
    "exif",
    "huawei_note",
    "iim",
    "label_json",
    "samsung_block",
    "xmp",
    "xmp_aigc",
    "xmp_property",
]

PRODUCER = "001191110102MACQD9K64018705"
LABEL = {
    "Label": "1",
    "ContentProducer": PRODUCER,
    "ProduceID": "0a1b2c3d-0001",
    "ReservedCode1": "",
    "ContentPropagator": "",
    "PropagateID": "",
    "ReservedCode2": "",
}
TC260 = "http://www.tc260.org.cn/ns/AIGC/1.0/"
_TAGS = {
    "ImageDescription": 0x010E,
    "Make": 0x010F,
    "Model": 0x0110,
    "Software": 0x0131,
    "Artist": 0x013B,
    "XMP": 0x02BC,
    "IPTC": 0x83BB,
    "MakerNote": 0x927C,
    "UserComment": 0x9286,
    "XPComment": 0x9C9C,
}
_IN_EXIF = {"UserComment", "MakerNote"}
_ASCII, _BYTE, _UNDEFINED, _LONG = 2, 1, 7, 4


def label_json(**changes: object) -> str:
    """Return a label as compact JSON."""
    return json.dumps({**LABEL, **changes}, ensure_ascii=False, separators=(",", ":"))


def aigc(**changes: object) -> str:
    """Return a label inside its own key."""
    return '{"AIGC":' + label_json(**changes) + "}"


def exif(*, order: str = "<", **texts: bytes) -> bytes:
    """Return a TIFF block with `texts` by tag name; UserComment stands in the Exif directory.

    Parameters
    ----------
    order : {"<", ">"}
        Byte order, as `struct` writes it.
    **texts : bytes
        Of a UserComment with its eight bytes of character set.
    """
    main = {_TAGS[name]: value for name, value in texts.items() if name not in _IN_EXIF}
    inner = {_TAGS[name]: value for name, value in texts.items() if name in _IN_EXIF}
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    if not inner:
        return head + _directory(order, 8, main)
    size = len(_directory(order, 8, main, pointer=0))
    return head + _directory(order, 8, main, pointer=8 + size) + _directory(order, 8 + size, inner)


def _directory(order: str, at: int, values: dict[int, bytes], pointer: int | None = None) -> bytes:
    entries = {tag: (_kind(tag), len(value), value) for tag, value in values.items()}
    if pointer is not None:
        entries[0x8769] = (_LONG, 1, struct.pack(order + "I", pointer))
    data_at = at + 2 + 12 * len(entries) + 4
    table, data = b"", b""
    for tag, (kind, count, value) in sorted(entries.items()):
        if len(value) <= 4:
            field = value.ljust(4, b"\0")
        else:
            field = struct.pack(order + "I", data_at + len(data))
            data += value + b"\0" * (len(value) % 2)
        table += struct.pack(order + "HHI", tag, kind, count) + field
    return struct.pack(order + "H", len(entries)) + table + bytes(4) + data


def _kind(tag: int) -> int:
    if tag in (_TAGS["UserComment"], _TAGS["MakerNote"], _TAGS["XMP"], _TAGS["IPTC"]):
        return _UNDEFINED
    return _BYTE if tag == _TAGS["XPComment"] else _ASCII


def xmp(description: str, attributes: str = "", padding: int = 0) -> str:
    """Return a packet with one description."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{attributes}>{description}</rdf:Description></rdf:RDF></x:xmpmeta>'
        + " " * padding
        + '<?xpacket end="w"?>'
    )


def xmp_aigc(text: str, form: str = "element") -> str:
    """Return a packet with a label.

    Parameters
    ----------
    text : str
        The label's JSON.
    form : {"element", "attribute", "cdata", "plain", "numeric", "apostrophes", "twice"}
        How the label is written.
    """
    space = f' xmlns:TC260="{TC260}"'
    escaped = html.escape(text)
    if form == "attribute":
        return xmp("", f'{space} TC260:AIGC="{escaped}"')
    if form == "apostrophes":
        return xmp("", f"{space} TC260:AIGC='{text}'")
    written = {
        "element": escaped,
        "cdata": f"<![CDATA[{text}]]>",
        "plain": text,
        "numeric": text.replace('"', "&#34;"),
        "twice": html.escape(escaped),
    }[form]
    return xmp(f"<TC260:AIGC>{written}</TC260:AIGC>", space)


def xmp_property(prefix: str, uri: str, name: str, value: str, form: str = "element") -> str:
    """Return a packet with one property, as an element, an attribute, a resource or a list."""
    space = f' xmlns:{prefix}="{uri}"'
    escaped = html.escape(value)
    tag = f"{prefix}:{name}"
    if form == "attribute":
        return xmp("", f'{space} {tag}="{escaped}"')
    if form == "resource":
        return xmp(f'<{tag} rdf:resource="{escaped}"/>', space)
    inside = (
        f"<rdf:Alt><rdf:li xml:lang='x-default'>{escaped}</rdf:li></rdf:Alt>" if form == "list" else escaped
    )
    return xmp(f"<{tag}>{inside}</{tag}>", space)


def iim(record: int, dataset: int, value: bytes) -> bytes:
    """Return one dataset of IPTC-IIM."""
    return struct.pack(">BBBH", 0x1C, record, dataset, len(value)) + value


def huawei_note(ai_edit: int, order: str = "<") -> bytes:
    """Return the MakerNote of a Huawei phone with its AI edit field."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    entry = struct.pack(order + "HHIi", 0x0212, 9, 1, ai_edit)
    return b"HUAWEI\0\0" + head + struct.pack(order + "H", 1) + entry + bytes(4)


def samsung_block(*records: tuple[bytes, bytes]) -> bytes:
    """Return the records (name, text) that Samsung phones append, with their directory."""
    written = [struct.pack("<HHI", 0, 0x0BA1, len(name)) + name + text for name, text in records]
    entries = b"".join(
        struct.pack("<HHII", 0, 0x0BA1, sum(map(len, written[index:])), len(one))
        for index, one in enumerate(written)
    )
    directory = b"SEFH" + struct.pack("<II", 106, len(written)) + entries
    return b"".join(written) + directory + struct.pack("<I", len(directory)) + b"SEFT"
