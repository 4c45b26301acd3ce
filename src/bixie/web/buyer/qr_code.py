"""Draws a QR code as SVG, for a link that moves from the desk to the phone.

References
----------
ISO/IEC 18004:2015, QR Code bar code symbology, byte mode, error correction level L.
"""

from collections.abc import Iterator, Sequence

__all__ = ["MAX_BYTES", "qr_modules", "qr_svg"]

# By version from 1: error correction bytes of a block, and number of blocks, at level L.
_EC_BYTES = (
    7,
    10,
    15,
    20,
    26,
    18,
    20,
    24,
    30,
    18,
    20,
    24,
    26,
    30,
    22,
    24,
    28,
    30,
    28,
    28,
    28,
    28,
    30,
    30,
    26,
)
_BLOCKS = (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12)
_PADDING = (0xEC, 0x11)
_QUIET = 4
"""Modules of white around the code."""
MAX_BYTES = 1_200
"""Of the text; what fits into the largest version that is drawn here."""


def qr_svg(text: str) -> str:
    """Return a QR code of a text as an SVG document, black on white.

    Raises
    ------
    ValueError
        For a text that is too long.
    """
    modules = qr_modules(text)
    side = len(modules) + 2 * _QUIET
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(modules)
        for x, on in enumerate(row)
        if on
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def qr_modules(text: str) -> list[list[bool]]:
    """Return the modules of the smallest code that holds a text, row by row; True is black.

    Raises
    ------
    ValueError
        For a text that is too long.
    """
    data = text.encode()
    version = next((one for one in range(1, len(_BLOCKS) + 1) if len(data) <= _capacity(one)), None)
    if version is None:
        raise ValueError(f"{len(data)} bytes do not fit into a code")
    symbol = _Symbol(version)
    symbol.draw_data(_interleaved(_codewords(data, version), version))
    return symbol.best_masked()


def _raw_bits(version: int) -> int:
    """Return how many bits of data and error correction a version holds."""
    bits = (16 * version + 128) * version + 64
    if version >= 2:
        aligned = version // 7 + 2
        bits -= (25 * aligned - 10) * aligned - 55
        if version >= 7:
            bits -= 36
    return bits


def _data_bytes(version: int) -> int:
    return _raw_bits(version) // 8 - _EC_BYTES[version - 1] * _BLOCKS[version - 1]


def _capacity(version: int) -> int:
    """Return how many bytes of text fit: without the mode and the length."""
    return (_data_bytes(version) * 8 - 4 - (8 if version < 10 else 16)) // 8


def _codewords(data: bytes, version: int) -> bytes:
    length = 8 if version < 10 else 16
    bits = f"0100{len(data):0{length}b}" + "".join(f"{byte:08b}" for byte in data)
    whole = _data_bytes(version)
    bits += "0" * min(4, whole * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))
    return words + bytes(_PADDING[place % 2] for place in range(whole - len(words)))


def _interleaved(words: bytes, version: int) -> bytes:
    """Return data and error correction bytes in the order in which they are drawn."""
    count, ec_bytes = _BLOCKS[version - 1], _EC_BYTES[version - 1]
    short, long = divmod(len(words), count)
    blocks, start = [], 0
    for place in range(count):
        size = short + (place >= count - long)
        blocks.append(words[start : start + size])
        start += size
    divisor = _divisor(ec_bytes)
    corrections = [_remainder(block, divisor) for block in blocks]
    return bytes(_across(blocks)) + bytes(_across(corrections))


def _across(blocks: Sequence[bytes]) -> Iterator[int]:
    for place in range(max(map(len, blocks))):
        yield from (block[place] for block in blocks if place < len(block))


def _multiplied(one: int, other: int) -> int:
    """Return the product in GF(256) with the polynomial 0x11D."""
    product = 0
    for bit in range(7, -1, -1):
        product = (product << 1) ^ ((product >> 7) * 0x11D)
        product ^= ((other >> bit) & 1) * one
    return product


def _divisor(degree: int) -> bytes:
    """Return the generator polynomial of Reed-Solomon, without its first coefficient."""
    found = bytearray(degree - 1) + b"\x01"
    root = 1
    for _ in range(degree):
        for place in range(degree):
            found[place] = _multiplied(found[place], root)
            if place + 1 < degree:
                found[place] ^= found[place + 1]
        root = _multiplied(root, 2)
    return bytes(found)


def _remainder(block: bytes, divisor: bytes) -> bytes:
    rest = bytearray(len(divisor))
    for byte in block:
        factor = byte ^ rest.pop(0)
        rest.append(0)
        for place, coefficient in enumerate(divisor):
            rest[place] ^= _multiplied(coefficient, factor)
    return bytes(rest)


class _Symbol:
    """A code that is drawn: `modules` are black or white, `fixed` ones hold no data."""

    def __init__(self, version: int) -> None:
        self.version, self.side = version, version * 4 + 17
        self.modules = [[False] * self.side for _ in range(self.side)]
        self.fixed = [[False] * self.side for _ in range(self.side)]
        for place in range(self.side):
            self._fix(6, place, place % 2 == 0)
            self._fix(place, 6, place % 2 == 0)
        for x, y in ((3, 3), (self.side - 4, 3), (3, self.side - 4)):
            self._finder(x, y)
        centres = self._centres()
        last = len(centres) - 1
        for i, x in enumerate(centres):
            for j, y in enumerate(centres):
                if (i, j) not in ((0, 0), (0, last), (last, 0)):
                    self._square(x, y, 2)
        self._format(0)
        self._version()

    def draw_data(self, words: bytes) -> None:
        """Fill the columns from right to left, two at a time, upwards and downwards in turn."""
        bits = ((byte >> bit) & 1 == 1 for byte in words for bit in range(7, -1, -1))
        for right in (*range(self.side - 1, 6, -2), 5, 3, 1):
            upwards = (right + 1) & 2 == 0
            for step in range(self.side):
                y = self.side - 1 - step if upwards else step
                for x in (right, right - 1):
                    if not self.fixed[y][x]:
                        self.modules[y][x] = next(bits, False)

    def best_masked(self) -> list[list[bool]]:
        """Return the modules under the mask with the fewest patterns that readers stumble over."""
        return min((self._masked(mask) for mask in range(8)), key=_penalty)

    def _masked(self, mask: int) -> list[list[bool]]:
        self._format(mask)
        return [
            [on ^ (not self.fixed[y][x] and _MASKS[mask](x, y)) for x, on in enumerate(row)]
            for y, row in enumerate(self.modules)
        ]

    def _fix(self, x: int, y: int, on: bool) -> None:
        self.modules[y][x], self.fixed[y][x] = on, True

    def _finder(self, x: int, y: int) -> None:
        self._square(x, y, 4)

    def _square(self, x: int, y: int, radius: int) -> None:
        """Draw rings around a point: a finder with radius 4, an alignment pattern with 2."""
        white = {2, 4} if radius == 4 else {1}
        for dy in range(-radius, radius + 1):
            for dx in range(-radius, radius + 1):
                if 0 <= x + dx < self.side and 0 <= y + dy < self.side:
                    self._fix(x + dx, y + dy, max(abs(dx), abs(dy)) not in white)

    def _centres(self) -> list[int]:
        if self.version == 1:
            return []
        count = self.version // 7 + 2
        step = (self.version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
        return [6, *sorted(self.side - 7 - place * step for place in range(count - 1))]

    def _format(self, mask: int) -> None:
        data = 1 << 3 | mask  # level L
        rest = data
        for _ in range(10):
            rest = (rest << 1) ^ ((rest >> 9) * 0x537)
        bits = (data << 10 | rest) ^ 0x5412
        on = [(bits >> place) & 1 == 1 for place in range(15)]
        for place in range(6):
            self._fix(8, place, on[place])
        self._fix(8, 7, on[6])
        self._fix(8, 8, on[7])
        self._fix(7, 8, on[8])
        for place in range(9, 15):
            self._fix(14 - place, 8, on[place])
        for place in range(8):
            self._fix(self.side - 1 - place, 8, on[place])
        for place in range(8, 15):
            self._fix(8, self.side - 15 + place, on[place])
        self._fix(8, self.side - 8, True)

    def _version(self) -> None:
        if self.version < 7:
            return
        rest = self.version
        for _ in range(12):
            rest = (rest << 1) ^ ((rest >> 11) * 0x1F25)
        bits = self.version << 12 | rest
        for place in range(18):
            a, b = self.side - 11 + place % 3, place // 3
            self._fix(a, b, (bits >> place) & 1 == 1)
            self._fix(b, a, (bits >> place) & 1 == 1)


_MASKS = (
    lambda x, y: (x + y) % 2 == 0,
    lambda x, y: y % 2 == 0,
    lambda x, y: x % 3 == 0,
    lambda x, y: (x + y) % 3 == 0,
    lambda x, y: (x // 3 + y // 2) % 2 == 0,
    lambda x, y: x * y % 2 + x * y % 3 == 0,
    lambda x, y: (x * y % 2 + x * y % 3) % 2 == 0,
    lambda x, y: ((x + y) % 2 + x * y % 3) % 2 == 0,
)


def _penalty(modules: list[list[bool]]) -> int:
    """Return how much a code has of what readers stumble over: runs, blocks, and an uneven share of black."""
    lines = [*modules, *(list(column) for column in zip(*modules, strict=True))]
    runs = 0
    for line in lines:
        text = "".join("1" if on else "0" for on in line)
        runs += sum(
            len(run) - 2 for run in text.replace("01", "0 1").replace("10", "1 0").split() if len(run) >= 5
        )
        runs += 40 * (text.count("00001011101") + text.count("10111010000"))
    blocks = sum(
        modules[y][x] == modules[y][x + 1] == modules[y + 1][x] == modules[y + 1][x + 1]
        for y in range(len(modules) - 1)
        for x in range(len(modules) - 1)
    )
    black = sum(map(sum, modules)) / len(modules) ** 2
    return runs + 3 * blocks + 10 * int(abs(black - 0.5) * 20)
