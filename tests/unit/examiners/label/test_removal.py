"""Removals leave traces; whole marks, honest padding and missing metadata are none."""

from pathlib import Path

import pytest
from tests.makers.labels.blocks import label_json, xmp, xmp_aigc
from tests.makers.labels.containers import box, jpeg_with, movie_with, png_with, webp_with
from tests.makers.labels.examining import read, said
from tests.makers.labels.matrix import label_cells, xmp_holders
from tests.makers.labels.traces import removals
from tests.sweeps import check_each

from bixie.examiners.effects import effect_of
from bixie.examiners.fusion import SUSPECT_THRESHOLD_BITS, fuse_exhibit
from bixie.examiners.label.removal import strength_of
from bixie.examiners.presentation import Effect
from bixie.examiners.results import Grade, Verdict


def test_a_removal_is_found():
    def check(removal):
        assert removal.expected in said(removal.make())

    check_each(
        ((f"{one.kind}/{one.name}/{number}", one) for number, one in enumerate(removals())),
        check,
    )


def test_a_whole_label_leaves_no_trace():
    def check(cell):
        assert not [code for code in said(cell.make()) if code.startswith("label.removed")]

    check_each(((cell.name, cell) for cell in label_cells()), check)


@pytest.mark.parametrize(
    "packet",
    [
        xmp("<dc:title>a</dc:title>", padding=4000),
        xmp(""),
        xmp("<dc:description>" + " " * 31 + "</dc:description>"),
        xmp("\n" + " " * 40 + "<dc:title>a</dc:title>\n" + " " * 40),
    ],
    ids=["padded", "empty", "blank_description", "indented"],
)
@pytest.mark.parametrize("holder", ["jpeg", "png", "webp"])
def test_honest_packets_are_no_traces(holder, packet):
    assert said(xmp_holders()[holder](packet)) == {}


@pytest.mark.parametrize("content", [b"", bytes(4000), b" " * 4000, b"padding of an honest program" * 9])
def test_honest_padding_boxes_are_no_traces(content):
    assert said(movie_with(box(b"free", content), after=box(b"skip", content))) == {}


def test_an_honest_comment_of_blanks_is_no_trace():
    assert said(jpeg_with((0xFE, b" " * 200))) == {}


def test_a_declared_key_without_a_value_is_a_trace():
    handler = box(b"hdlr", bytes(4), b"mdta", bytes(13), full=0)
    keys = box(b"keys", (1).to_bytes(4), box(b"mdta", b"AIGC"), full=0)
    data = movie_with(box(b"udta", box(b"meta", handler, keys, box(b"free", bytes(200)), full=0)))
    assert set(said(data)) == {"label.removed.label_cut"}


def test_an_announced_packet_that_is_missing_only_informs():
    (finding,) = said(webp_with(flags=0x04)).values()
    assert finding.code == "label.removed.block_missing"
    assert effect_of(finding) is Effect.NONE


def test_a_png_of_picture_data_alone_only_informs():
    (finding,) = read(png_with())
    assert (finding.code, finding.grade) == ("label.removed.bare_png", Grade.INFORMATIVE)
    assert effect_of(finding) is Effect.NONE


def test_a_cut_label_makes_a_file_suspect_and_counts_by_weight():
    finding = said(png_with((b"tEXt", b"AIGC\0" + label_json()[12:70].encode())))["label.removed.label_cut"]
    assert finding.grade is Grade.STATISTICAL
    assert effect_of(finding) is Effect.BY_WEIGHT
    assert finding.strength_bits == strength_of("label_cut") >= SUSPECT_THRESHOLD_BITS


def test_few_honest_packets_were_seen_so_a_blanked_one_is_not_suspect_alone():
    packet = xmp_aigc(label_json())
    blanked = xmp_holders()["jpeg"](packet[: packet.index("<x:")] + " " * 400 + '<?xpacket end="w"?>')
    finding = said(blanked)["label.removed.xmp_blanked"]
    assert 0.0 < finding.strength_bits == strength_of("xmp_blanked") < SUSPECT_THRESHOLD_BITS
    assert fuse_exhibit([finding])[0] is Verdict.INCONCLUSIVE


CAMERA_FILES = Path(__file__).parents[3] / "fixtures" / "camera"
EXIF_SPACE = ' xmlns:exif="http://ns.adobe.com/exif/1.0/"'


@pytest.mark.parametrize(
    "name", ["android_redacted_gps.jpg", "android_redacted_gps_xmp.jpg", "android_unredacted_control.jpg"]
)
def test_a_position_that_the_system_blanked_is_no_trace_of_a_removal(name):
    assert said((CAMERA_FILES / name).read_bytes()) == {}


@pytest.mark.parametrize("blank", ["\0", " "])
def test_properties_of_a_position_may_be_blanked_where_only_xmp_had_it(blank):
    gaps = "\n   ".join(blank * length for length in (46, 84, 60))
    packet = xmp(f"<dc:title>a</dc:title>\n   {gaps}\n", EXIF_SPACE)
    assert said(xmp_holders()["jpeg"](packet)) == {}


@pytest.mark.parametrize(
    ("gap", "space"),
    [
        (200, EXIF_SPACE),  # longer than a property of a position
        (100, ""),  # a packet that never held a position
        (100, EXIF_SPACE + ' xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"'),
    ],
)
@pytest.mark.parametrize("blank", ["\0", " "])
def test_any_other_gap_is_a_trace(gap, space, blank):
    packet = xmp(f"<dc:title>a</dc:title>{blank * gap}<dc:type>b</dc:type>", space)
    assert "label.removed.xmp_blanked" in said(xmp_holders()["jpeg"](packet))
