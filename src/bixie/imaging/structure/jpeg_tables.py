"""Parse JPEG segments: frames, scans, quantisation and Huffman tables (ITU-T T.81, annex B).

Each function takes a segment's payload and returns facts; what is cut short is left out.
"""

from typing import Any

__all__ = ["frame", "huffman_tables", "quantisation_tables", "scan"]

# Zigzag order of T.81, figure A.6: position in the file -> position in natural order.
_NATURAL = (
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
)  # fmt: skip
_PROCESSES = ("baseline", "extended", "progressive", "lossless")


def quantisation_tables(payload: bytes) -> list[dict[str, Any]]:
    """Return the tables of a DQT segment.

    Returns
    -------
    list of dict
        ``identifier`` 0 to 15, ``bits`` 8 or 16, ``values`` 64 steps in natural order.
    """
    tables: list[dict[str, Any]] = []
    at = 0
    while at < len(payload):
        wide = payload[at] >> 4 != 0
        length = 128 if wide else 64
        raw = payload[at + 1 : at + 1 + length]
        if len(raw) < length:
            break
        steps = [int.from_bytes(raw[i : i + 2]) for i in range(0, 128, 2)] if wide else list(raw)
        values = [0] * 64
        for position, step in zip(_NATURAL, steps, strict=True):
            values[position] = step
        tables.append({"identifier": payload[at] & 15, "bits": 16 if wide else 8, "values": tuple(values)})
        at += 1 + length
    return tables


def frame(marker: int, payload: bytes) -> dict[str, Any]:
    """Return the facts of a frame header (SOF).

    Returns
    -------
    dict
        ``process``, ``arithmetic``, ``precision``, ``width``, ``height`` and ``components``, each with
        ``id``, ``horizontal``, ``vertical`` (sampling factors) and ``table``. Empty when cut short.
    """
    if len(payload) < 6:
        return {}
    components = [
        {"id": payload[at], "horizontal": payload[at + 1] >> 4, "vertical": payload[at + 1] & 15,
         "table": payload[at + 2]}
        for at in range(6, min(6 + 3 * payload[5], len(payload) - 2), 3)
    ]  # fmt: skip
    return {
        "process": _PROCESSES[marker & 3],
        "arithmetic": marker >= 0xC8,
        "precision": payload[0],
        "height": int.from_bytes(payload[1:3]),
        "width": int.from_bytes(payload[3:5]),
        "components": components,
    }


def scan(payload: bytes) -> dict[str, Any]:
    """Return the facts of a scan header (SOS): ``components``, ``spectrum`` and ``approximation``."""
    count = payload[0] if payload else 0
    after = 1 + 2 * count
    if len(payload) < after + 3:
        return {}
    return {
        "components": [payload[at] for at in range(1, after, 2)],
        "spectrum": (payload[after], payload[after + 1]),
        "approximation": (payload[after + 2] >> 4, payload[after + 2] & 15),
    }


def huffman_tables(payload: bytes) -> list[dict[str, Any]]:
    """Return the tables of a DHT segment: ``class``, ``identifier``, ``lengths`` and ``symbols`` of each."""
    tables: list[dict[str, Any]] = []
    at = 0
    while at + 17 <= len(payload):
        lengths = tuple(payload[at + 1 : at + 17])
        end = at + 17 + sum(lengths)
        if end > len(payload):
            break
        tables.append(
            {
                "class": "ac" if payload[at] >> 4 else "dc",
                "identifier": payload[at] & 15,
                "lengths": lengths,
                "symbols": payload[at + 17 : end],
            }
        )
        at = end
    return tables
