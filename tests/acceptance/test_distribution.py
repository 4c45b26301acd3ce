"""The wheel and the source archive carry what the program needs, and nothing else."""

import tarfile
import zipfile
from pathlib import Path

from tests.acceptance.conftest import ROOT, build

from bixie.version import __version__

INFO = f"bixie-{__version__}.dist-info"


def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_package_the_licence_and_the_notice(wheel):
    package = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src/bixie").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    about = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE", "licenses/NOTICE"}
    assert names(wheel) == package | {f"{INFO}/{name}" for name in about}


def test_the_source_archive_builds_the_same_wheel_byte_by_byte(archives, wheel, tmp_path):
    (source,) = archives.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = tmp_path / Path(source.name).with_suffix("").stem
    built = tmp_path / "again"
    build(unpacked, built, "-t", "wheel")
    assert (built / wheel.name).read_bytes() == wheel.read_bytes()


def test_make_dist_builds_both_archives_with_the_same_command():
    assert "hatchling build\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
