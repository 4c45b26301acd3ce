import pickle
import re
import tomllib
from pathlib import Path

import bixie.imaging
from bixie.imaging.errors import ImagingError, note
from bixie.kit.errors import BixieError

ROOM = Path(bixie.imaging.__file__).parent
CODES = tomllib.loads((ROOM / "messages.toml").read_text(encoding="utf-8"))
USED = re.compile(r"\"(imaging\.[a-z_]+)\"")


def used_codes():
    """Return the codes that any room raises: the vault refuses files with sentences of this one."""
    sources = ROOM.parent.rglob("*.py")
    return {code for path in sources for code in USED.findall(path.read_text(encoding="utf-8"))}


def test_the_catalogue_holds_the_codes_that_are_used_and_no_other():
    assert used_codes() == set(CODES)


def test_a_refusal_says_what_is_wrong_in_both_languages():
    error = ImagingError("imaging.too_many_bytes", bytes=7, limit=5)
    assert isinstance(error, BixieError)
    assert error.to_dict() == {
        "code": "imaging.too_many_bytes",
        "en": "The file has 7 bytes; at most 5 are accepted.",
        "zh": "文件大小为 7 字节，超过了 5 字节的上限。",
    }


def test_a_refusal_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(ImagingError("imaging.side_too_long", width=9, height=1, limit=5)))
    assert (error.code, error.values) == ("imaging.side_too_long", {"width": 9, "height": 1, "limit": 5})
    assert "9 × 1" in error.text.en


def test_a_note_has_the_same_form_as_a_refusal():
    assert note("imaging.truncated").to_dict().keys() == {"code", "en", "zh"}
