"""Small files with marks as the real programs write them: each has its code, from the place it stands in."""

from pathlib import Path

import pytest
from tests.makers.labels.examining import said

from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk
from bixie.imaging.structure.metadata import exif_values

KEPT = Path(__file__).resolve().parents[3] / "fixtures" / "labels"
GENERATORS = {
    "gen_a1111_": "stable_diffusion_webui",
    "gen_aihorde_": "stable_diffusion_webui",
    "gen_comfy_": "comfyui",
    "gen_dreamina_": "bytedance",
    "gen_easydiffusion_": "easy_diffusion",
    "gen_invokeai3": "invokeai",
    "gen_ruinedfooocus": "fooocus",
    "gen_swarmui_": "swarmui",
    "samsung_sef_genai": "samsung",
    "vid_comfy_": "comfyui",
    "vid_dreamina_": "bytedance",
    "vid_tiktok_": "bytedance",
}
FILES = sorted(path.name for path in KEPT.iterdir())


def expected(name):
    codes = {f"label.generator.{code}" for begin, code in GENERATORS.items() if name.startswith(begin)}
    return codes | ({"label.source.unknown"} if name.startswith("dst_") else set())


@pytest.mark.parametrize("name", FILES)
def test_a_kept_file_says_what_wrote_it_and_nothing_else(name):
    assert set(said((KEPT / name).read_bytes())) == expected(name)


def test_every_kind_of_mark_has_a_kept_file():
    assert len(FILES) >= 44
    assert {name for name in FILES if not expected(name)} == {"vid_plain.mp4", "png_raw_profile_exif.png"}


def test_the_camera_is_read_in_a_png_of_imagemagick():
    data = (KEPT / "png_raw_profile_exif.png").read_bytes()
    values = exif_values(walk(source_from_bytes("a", data), Limits()))
    assert (values[0x010F], values[0x0110]) == ("NIKON CORPORATION", "NIKON D70")
