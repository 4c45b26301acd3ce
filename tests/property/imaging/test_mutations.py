"""Small files of every format with some bytes changed: examined or refused, within bounds, nothing else."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.makers.imaging import every_format
from tests.property.changes import mutated

from bixie.imaging.decode import decode
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.sniff import is_video
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk
from bixie.imaging.structure.metadata import icc_profile, jumbf_stores, orientation, xmp_packets

LIMITS = Limits(pixels=1_000_000, side=4000, nodes=400, depth=8, metadata_bytes=20_000)
HEADER = 160
NUMBERS = (
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\0\0\0\1",
    b"\1\0\0\0",
    b"\xff\xd9",
    b"\xff\xd8",
)

bounded = settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
piece = st.one_of(st.sampled_from(NUMBERS), st.binary(min_size=1, max_size=8))
place = st.one_of(st.integers(0, HEADER), st.integers(0, 1 << 16))
changed_files = mutated(every_format, place, piece)


def read(data):
    """Return the source, or None when the bytes are no longer of a known type."""
    try:
        return source_from_bytes("a", data)
    except ImagingError as refusal:
        assert refusal.code in {"imaging.unknown_format", "imaging.empty_file"}  # noqa: PT017
        return None


@bounded
@given(changed_files)
def test_a_changed_file_is_walked_within_bounds(data):
    one = read(data)
    if one is None:
        return
    structure = walk(one, LIMITS)
    nodes = list(structure.all_nodes())
    # A container whose inside used up the count is itself still listed.
    assert len(nodes) <= LIMITS.nodes + 3 * LIMITS.depth
    for node in nodes:
        for offset, length in ((node.offset, node.length), node.payload):
            assert 0 <= offset <= offset + length <= len(data)
    if structure.trailing:
        assert sum(structure.trailing) == len(data)


@bounded
@given(changed_files)
def test_metadata_of_a_changed_file_is_read_within_bounds(data):
    one = read(data)
    if one is None:
        return
    structure = walk(one, LIMITS)
    for blocks in (xmp_packets, jumbf_stores):
        assert sum(map(len, blocks(structure, LIMITS))) <= LIMITS.metadata_bytes
    assert len(icc_profile(structure, LIMITS) or b"") <= LIMITS.metadata_bytes
    assert 1 <= orientation(structure) <= 8


@bounded
@given(changed_files, st.sampled_from((None, 1, 20)))
def test_a_changed_file_is_decoded_within_bounds_or_refused(data, long_side):
    one = read(data)
    if one is None or is_video(one.media_type):
        return
    try:
        picture = decode(one, LIMITS, long_side=long_side)
    except ImagingError:
        return
    height, width, channels = picture.rgb.shape
    assert channels == 3
    assert picture.width * picture.height <= LIMITS.pixels
    assert max(height, width) <= (long_side or LIMITS.side)
    if long_side is None:
        assert (width, height) == (picture.width, picture.height)
    if picture.missing:
        left, top, right, bottom = picture.missing
        assert 0 <= left < right <= picture.width
        assert 0 <= top < bottom <= picture.height
