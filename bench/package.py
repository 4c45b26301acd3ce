"""The part ``package``: a case of many large files, built and verified, beside hashing them once."""

import argparse
import hashlib
import io
import resource
import runpy
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.hashes import SM3, Hash
from PIL import Image

from bench.cases import seeded
from bench.load.many_cases import BenchShop, shop_with_claims
from bench.markdown import Table
from bench.run_file import write_run
from bixie.access.tenancy import writing
from bixie.assembly.stores import blobs_of, ready_store
from bixie.dossier import inside
from bixie.dossier.building import build_package
from bixie.dossier.verification import verify_package
from bixie.imaging.limits import Limits
from bixie.store.blobs import Blobs
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault.checking import check
from bixie.vault.models import Role
from bixie.vault.service import Upload, keep_bytes, receive, stage

__all__ = ["add_arguments", "package", "tables"]

_FILES, _SIDE = 40, 1300
"""A picture of noise with this side weighs 5 MB as PNG."""
_TARGETS = {"times_hashing": 2.5, "inside_times_outer": 3.0}
_PIECE = 1 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``package``."""
    parser.add_argument("--files", type=int, default=_FILES, help="pictures of 5 MB in the case")
    parser.add_argument("--rounds", type=int, default=3, help="of which the fastest counts")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="package_json")


def package(options: argparse.Namespace) -> int:
    """Measure and print; 1 when a target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        location = Location.find(folder, environment={})
        store, blobs = ready_store(location), blobs_of(location)
        try:
            shop = shop_with_claims(store, 1)
            for number in range(options.files):
                _keep(store, blobs, shop, number)
            numbers = _measure(store, blobs, shop, Path(folder), options.rounds)
        finally:
            store.close()
    print(tables(numbers)[0].text())
    write_run(options.package_json, "package", {"numbers": numbers})
    return 1 if any(numbers[name] > limit for name, limit in _TARGETS.items()) else 0


def tables(numbers: dict[str, Any]) -> list[Table]:
    """Return the table of a run."""
    lines = [
        ["built and verified, times reading and hashing once", "≤ 2.5", f"{numbers['times_hashing']:.2f}"],
        ["verifier inside (Python), times the program", "≤ 3", f"{numbers['inside_times_outer']:.2f}"],
        ["peak of memory above that of making the case, MB", "flat", f"{numbers['memory_mb']:.0f}"],
        ["files, MB of the package", "", f"{numbers['files']}, {numbers['megabytes']:.0f}"],
    ]
    return [Table("", ["what", "target", "measured"], lines)]


def _keep(store: Store, blobs: Blobs, shop: BenchShop, number: int) -> None:
    """Keep one picture as a listing picture of the case's order."""
    pixels = seeded(f"package {number}").integers(0, 255, (_SIDE, _SIDE, 3), dtype=np.uint8)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG", compress_level=0)
    data.seek(0)
    upload = Upload(data, f"{number}.png", "bench-first", Role.LISTING, shop.merchant)
    with stage(blobs, upload, Limits()) as staged:
        keep_bytes(blobs, shop.principal.tenant, staged)
        with writing(store, shop.principal) as session:
            exhibit = receive(session, blobs, staged)
    check(store, shop.principal, blobs, exhibit.id, Limits())


def _measure(store: Store, blobs: Blobs, shop: BenchShop, folder: Path, rounds: int) -> dict[str, Any]:
    out = folder / "case.zip"

    def build() -> None:
        with out.open("w+b") as file:
            build_package(store, shop.principal, blobs, shop.case.id, file)

    def hash_all() -> None:
        for path in kept:
            first, second = hashlib.sha256(), Hash(SM3())
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    first.update(piece)
                    second.update(piece)

    def inner() -> None:
        with out.open("rb") as file:
            verify(file)

    verify = runpy.run_path(str(Path(inside.__file__).with_name("verify.py")), run_name="inner")["verify"]
    kept = [one for one in (folder / "blobs").rglob("*") if one.is_file()]
    before = _peak_kib()
    hashing, building = _fastest(hash_all, rounds), _fastest(build, rounds)
    verifying = _fastest(lambda: verify_package(out), rounds)
    memory = (_peak_kib() - before) / 1024
    return {
        "files": len(kept),
        "megabytes": out.stat().st_size / 1e6,
        "times_hashing": (building + verifying) / hashing,
        "build_times_hashing": building / hashing,
        "verify_times_hashing": verifying / hashing,
        "inside_times_outer": _fastest(inner, rounds) / verifying,
        "memory_mb": memory,
        "hashing_s": hashing,
    }


def _peak_kib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # type: ignore[attr-defined, no-any-return]


def _fastest(work: Callable[[], object], rounds: int) -> float:
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return min(spent)
