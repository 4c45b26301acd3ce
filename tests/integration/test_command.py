"""The command as a shell runs it, on the example claim and on files that are no photos."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from bixie.report.document import schema

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")


@pytest.fixture
def folder(tmp_path):
    """A working folder with Chinese in its name and the example pictures in it."""
    place = tmp_path / "售后 照片"
    place.mkdir()
    for name in ("claim.jpg", "honest.jpg", "listing.jpg"):
        shutil.copy(EXAMPLES / name, place)
    return place


@pytest.fixture
def bixie(folder):
    def run(*words, **environment):
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "bixie", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8", **environment},
            capture_output=True,
            timeout=300,
            check=False,
        )

    return run


def documented(done):
    document = json.loads(done.stdout)
    jsonschema.Draft202012Validator(schema()).validate(document)
    return document


def codes(exhibit):
    return [finding["code"] for finding in exhibit["findings"]]


def everything_below(place):
    return {path.relative_to(place).as_posix(): path.lstat().st_mtime_ns for path in place.rglob("*")}


def test_the_example_is_told_apart_from_an_honest_photo(bixie):
    done = bixie("examine", "claim.jpg", "honest.jpg", "--known", "listing.jpg", "--json", "--report", "out")
    assert (done.returncode, done.stderr) == (0, b"")
    edited, honest = documented(done)["exhibits"]
    assert (edited["verdict"], codes(edited)) == ("refuted", ["derivation.known_picture_edited"])
    assert edited["findings"][0]["known"] == "listing.jpg"
    assert honest["verdict"] == "inconclusive"


def test_a_photo_that_is_the_known_picture_byte_for_byte_is_unchanged(bixie):
    done = bixie("examine", "listing.jpg", "--known", "listing.jpg", "--json")
    (exhibit,) = documented(done)["exhibits"]
    assert (done.returncode, exhibit["verdict"]) == (0, "inconclusive")
    assert codes(exhibit) == ["derivation.known_picture_unchanged"]


def test_files_that_are_no_photos_are_said_to_be_so_and_the_rest_is_examined(bixie, folder):
    (folder / "empty.jpg").touch()
    (folder / "text.jpg").write_text("no picture", encoding="utf-8")
    (folder / "archive.jpg").write_bytes(b"PK\x03\x04" + (folder / "claim.jpg").read_bytes())
    (folder / "page.jpg").write_bytes(b"<html><body>" + (folder / "claim.jpg").read_bytes())
    names = ["empty.jpg", "text.jpg", "archive.jpg", "page.jpg"]
    done = bixie("examine", *names, "honest.jpg", "--json")
    *broken, honest = documented(done)["exhibits"]
    assert done.returncode == 3
    assert [(one["path"], one["verdict"]) for one in broken] == [(name, "unreadable") for name in names]
    assert [one["error"]["code"] for one in broken] == [
        "imaging.empty_file",
        *["imaging.unknown_format"] * 3,
    ]
    assert honest["verdict"] == "inconclusive"


@needs_links
def test_links_in_a_circle_end_in_a_sentence(bixie, folder):
    (folder / "a.jpg").symlink_to("b.jpg")
    (folder / "b.jpg").symlink_to("a.jpg")
    (folder / "round").mkdir()
    (folder / "round" / "again").symlink_to("..", target_is_directory=True)
    shutil.copy(EXAMPLES / "honest.jpg", folder / "round")
    done = bixie("examine", "a.jpg", "round", "--json")
    looped, inside = documented(done)["exhibits"]
    assert done.returncode == 3
    assert looped["error"]["code"] == "imaging.unreadable_path"
    assert Path(inside["path"]) == Path("round", "honest.jpg")


def test_nothing_is_written_without_a_report_folder_and_nothing_outside_of_one(bixie, folder):
    before = everything_below(folder)
    bixie("examine", "claim.jpg", "--known", "listing.jpg")
    assert everything_below(folder) == before
    bixie("examine", "claim.jpg", "--known", "listing.jpg", "--report", "报告")
    new = set(everything_below(folder)) - set(before)
    assert new == {"报告", "报告/index.html", "报告/report.json", "报告/masks", "报告/masks/0-0.png"}


def test_a_console_that_knows_only_gbk_gets_words_and_json_stays_utf8(bixie):
    words = bixie("examine", "claim.jpg", "--known", "listing.jpg", "--lang", "zh", PYTHONIOENCODING="gbk")
    assert words.returncode == 0
    assert "这张照片和您的图片是同一次拍摄，画面内容不同" in words.stdout.decode("gbk")
    shown = bixie("examine", "claim.jpg", "--json", PYTHONIOENCODING="gbk").stdout
    assert json.loads(shown.decode("utf-8"))["exhibits"][0]["path"] == "claim.jpg"


def test_a_reader_that_goes_away_early_is_no_error(bixie, folder):
    command = f"{sys.executable} -m bixie doctor | head -n 1"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    if sys.platform == "win32":
        pytest.skip("no head on Windows")
    done = subprocess.run(command, shell=True, env=environment, capture_output=True, check=False)
    assert done.stderr == b""


@pytest.mark.parametrize(("output", "status", "said"), [("&-", 0, ""), ("/dev/full", 1, "disk")])
def test_output_that_cannot_be_written_ends_without_a_traceback(output, status, said):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    command = f"{sys.executable} -m bixie --lang en law show >{output}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, env=environment, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (status, False)
    assert said in ended.stderr


def test_importing_bixie_loads_nothing_heavy():
    script = (
        "import sys, bixie; print([m for m in ('cv2', 'numpy', 'PIL', 'jinja2', 'tqdm') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_help_loads_nothing_heavy():
    script = (
        "import sys\nfrom bixie.cli.main import main\n"
        "try: main(['examine', '--help'])\n"
        "except SystemExit: print([m for m in ('cv2', 'numpy') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
    assert done.stdout.strip().endswith(b"[]")
