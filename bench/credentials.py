"""The part ``credentials``: agreement with the C2PA library, what is said of camera photos, and how fast."""

import argparse
import hashlib
import io
import itertools
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import c2pa
import cv2
import numpy as np
from numpy.typing import NDArray

from bench.cases import seeded
from bench.datasets import data_folder, is_complete
from bench.markdown import Table, rate_text
from bench.run_file import write_run
from bixie.examiners.camera.examiner import EXAMINER as CAMERA
from bixie.examiners.camera.thumbnail import compare, thumbnail_of
from bixie.examiners.credentials.examiner import EXAMINER as CREDENTIALS
from bixie.examiners.effects import effect_of
from bixie.examiners.fusion import fuse_exhibit
from bixie.examiners.presentation import Effect
from bixie.examiners.protocol import Container, Context, Exhibit
from bixie.examiners.results import Finding
from bixie.imaging.decode import Picture, decode
from bixie.imaging.limits import Limits
from bixie.imaging.source import read_source
from bixie.imaging.structure import walk

__all__ = ["add_arguments", "credentials", "same_answer", "tables"]

_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".avif": "image/avif",
    ".dng": "image/x-adobe-dng",
}
_OFFLINE = {
    "core": {"allowed_network_hosts": []},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}
_LISTS = (
    ("manifest", "C2PA-TRUST-LIST.pem"),
    ("manifest", "interim-anchors.pem", "interim-allowed.pem"),
    ("tsa", "C2PA-TSA-TRUST-LIST.pem"),
)
_MEGABYTES = (1.0, 1.5, 2.0, 2.5, 3.0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``credentials``."""
    parser.add_argument("--rounds", type=int, default=10, help="of the throughput")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="credentials_json")


def credentials(options: argparse.Namespace) -> int:
    """Measure and print; 1 if any file's answer differs from the library's."""
    numbers: dict[str, Any] = {"agreement": _agreement()}
    numbers["camera_photos"] = _camera_photos()
    numbers["thumbnails"] = _thumbnails()
    numbers["throughput"] = _throughput(options.rounds)
    write_run(options.credentials_json, "credentials", {"numbers": numbers})
    return 1 if numbers["agreement"]["differ"] else 0


def tables(numbers: dict[str, Any]) -> list[Table]:
    """Return the table of a run."""
    agreement, photos = numbers["agreement"], numbers["camera_photos"]
    count, verdicts = photos["photos"], photos["verdicts"]
    spoken = sum(number for code, number in photos["codes"].items() if code.startswith("credentials."))
    accused = verdicts.get("suspect", 0) + verdicts.get("refuted", 0)
    speed = numbers["throughput"]
    per_second = (
        f"{speed['per_second']:.0f}, {speed['times_reading_and_hashing']:.1f} times reading and hashing"
    )
    agree = f"{agreement['files'] - agreement['differ']}/{agreement['files']}"
    lines = [
        ["C2PA files whose state, or the library's error, agrees", "all", agree],
        ["camera photos with a finding of `credentials`", "0", rate_text(spoken, count)],
        ["camera photos with a finding that moves a verdict", "0", rate_text(photos["moved"], count)],
        ["camera photos `suspect` or `refuted` by these two", "0", rate_text(accused, count)],
        ["files of 1 to 3 MB a second, container walk and both examiners", "≥ 30", per_second],
    ]
    return [Table("", ["what", "target", "measured"], lines)]


def same_answer(theirs: str, ours: str) -> bool:
    """Return whether our answer is the one that the library's state or error asks for."""
    wanted = {"ManifestNotFound": {"no credential", "missing"}, "Remote": {"kept elsewhere"}}
    if theirs in {"Valid", "Trusted", "Invalid"}:
        return ours == theirs
    return ours in wanted.get(theirs, {"unreadable", "unknown form"})


def _container(path: Path) -> Container:
    source = read_source(str(path), Limits())
    return Container(str(path), source, walk(source, Limits()))


def _findings(statements: Iterable[object]) -> list[Finding]:
    return [one for one in statements if isinstance(one, Finding)]


def _library(path: Path) -> str:
    """Return the library's own state or kind of error, asked with the lists as published."""
    trust = {"trust_config": _published("interim-store.cfg"), "anchors": [_list(*one) for one in _LISTS]}
    context = c2pa.Context(c2pa.Settings.from_dict({**_OFFLINE, "trust": trust}))
    try:
        with c2pa.Reader(_TYPES[path.suffix], io.BytesIO(path.read_bytes()), context=context) as reader:
            return str(reader.get_validation_state())
    except c2pa.C2paError as error:
        return str(error).split(":", 1)[0]


def _published(name: str) -> str:
    return (data_folder() / "trust" / name).read_text(encoding="utf-8")


def _list(kind: str, anchors: str, allowed: str = "") -> dict[str, str]:
    entry = {"trust_kind": kind, "trust_uri": anchors, "trust_anchors": _published(anchors)}
    return entry | ({"allowed_list": _published(allowed)} if allowed else {})


def _ours(one: Finding | None) -> str:
    if one is None:
        return "no credential"
    if "state" in one.data:
        return str(one.data["state"])
    if one.data.get("remote"):
        return "kept elsewhere"
    if one.data.get("remains") == "missing":
        return "missing"
    return "unreadable" if one.code == "credentials.broken" else "unknown form"


def _agreement() -> dict[str, int]:
    files = sorted(one for one in (data_folder() / "provenance").glob("*/*") if one.suffix in _TYPES)
    print("\n### The C2PA library and Bixie\n")
    if not files:
        print("no C2PA files at hand: they are not part of the repository")
        return {"files": 0, "differ": 0}
    print("| file | library | ours | signature | signer | binding | code |\n|---|---|---|---|---|---|---|")
    differ = 0
    for path in files:
        found = _findings(CREDENTIALS.examine_container(_container(path), Context()))
        one = found[0] if found else None
        theirs, ours = _library(path), _ours(one)
        differ += not same_answer(theirs, ours)
        answers = [str(one.data[key]) for key in ("signature", "signer", "binding")] if one else ["-"] * 3
        mark = "" if same_answer(theirs, ours) else " **differs**"
        cells = [path.name, theirs, ours + mark, *answers, one.code if one else "-"]
        print(f"| {' | '.join(cells)} |")
    print(f"\n{len(files) - differ} of {len(files)} agree.")
    return {"files": len(files), "differ": differ}


def _camera_photos() -> dict[str, Any]:
    real = data_folder() / ("real" if is_complete() else "")
    codes: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    moved = total = 0
    for path in sorted(real.rglob("*.jpg")):
        if "edit_pairs" in path.parts:
            continue
        container = _container(path)
        found = _findings(CREDENTIALS.examine_container(container, Context()))
        found += _findings(CAMERA.examine_container(container, Context()))
        found += _thumbnail_findings(container)
        total += 1
        codes.update({one.code for one in found})
        verdicts[fuse_exhibit(found)[0].value] += 1
        moved += any(effect_of(one) is not Effect.NONE for one in found)
    print("\n### Camera photos\n\n| what | photos |\n|---|---|")
    print(f"| findings that move a verdict | {rate_text(moved, total)} |")
    for code in sorted({*codes, "credentials.generated", "credentials.ai_edited", "credentials.broken"}):
        print(f"| `{code}` | {rate_text(codes[code], total)} |")
    for verdict, count in sorted(verdicts.items()):
        print(f"| verdict `{verdict}` | {rate_text(count, total)} |")
    return {"photos": total, "moved": moved, "codes": dict(codes), "verdicts": dict(verdicts)}


def _thumbnail_findings(container: Container) -> list[Finding]:
    if thumbnail_of(container.structure) is None:
        return []
    picture = decode(container.source, Limits(), long_side=1280)
    exhibit = Exhibit(container.path, container.source, container.structure, picture)
    return _findings(CAMERA.examine(exhibit, Context()))


def _thumbnails() -> dict[str, Any]:
    """Count what previews of camera files show of their own picture, of crops, and of other pictures."""
    pairs = []
    for path in sorted((data_folder() / "real" / "camera_originals").glob("*.jpg")):
        container = _container(path)
        if (small := thumbnail_of(container.structure)) is not None:
            pairs.append((small, decode(container.source, Limits(), long_side=1280)))
    crops = ((small, _cut(one, share)) for small, one in pairs for share in (0.9, 0.7, 0.5, 0.4))
    others = ((one[0], other[1]) for one, other in itertools.permutations(pairs, 2))
    found = {"own": _shown(pairs), "crops": _shown(crops), "others": _shown(others)}
    print("\nPreviews against their own picture, crops of it, and others:", found)
    return found


def _shown(pairs: Iterable[tuple[NDArray[np.uint8], Picture]]) -> dict[str, int]:
    return dict(Counter(found.shows if (found := compare(*pair)) else "undecided" for pair in pairs))


def _cut(picture: Picture, share: float) -> Picture:
    high, wide = (int(side * share) for side in picture.rgb.shape[:2])
    return Picture(np.ascontiguousarray(picture.rgb[:high, :wide]), wide, high)


def _throughput(rounds: int) -> dict[str, float]:
    """Processor time of everything that reads a container, against reading and hashing the same files."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        files = [_noise(Path(name), size) for size in _MEGABYTES]
        signed = (data_folder() / "provenance").glob("*/*")
        large = (path for path in sorted(signed) if path.stat().st_size >= 1_000_000)
        files += [path for path in large if path.suffix in _TYPES]
        real = (data_folder() / "real" / "camera_originals").glob("*.jpg")
        files += [path for path in sorted(real) if path.stat().st_size >= 1_000_000]
        plain = _seconds(lambda path: hashlib.sha256(path.read_bytes()).digest(), files, rounds)
        whole = _seconds(_examine, files, rounds)
    numbers = {
        "files": len(files),
        "per_second": len(files) / whole,
        "times_reading_and_hashing": whole / plain,
    }
    print(f"\nThroughput, {len(files)} files of 1 to 3 MB, one core, processor time: ", end="")
    print(f"{numbers['per_second']:.0f} files a second;", end=" ")
    print(f"{numbers['times_reading_and_hashing']:.1f} times reading and hashing alone.")
    return numbers


def _examine(path: Path) -> None:
    container = _container(path)
    for examiner in (CREDENTIALS, CAMERA):
        list(examiner.examine_container(container, Context()))


def _seconds(work: Any, files: list[Path], rounds: int) -> float:
    best = []
    for _ in range(rounds):
        started = time.process_time()
        for path in files:
            work(path)
        best.append(time.process_time() - started)
    return min(best)


def _noise(folder: Path, megabytes: float) -> Path:
    """Write a JPEG of about that size."""
    side = round((megabytes * 1_000_000 / 0.95) ** 0.5)
    grain = seeded(f"throughput {megabytes}").integers(0, 255, (side, side, 3)).astype("uint8")
    data = cv2.imencode(".jpg", cv2.GaussianBlur(grain, (3, 3), 0), [cv2.IMWRITE_JPEG_QUALITY, 92])[1]
    path = folder / f"{megabytes}.jpg"
    path.write_bytes(data.tobytes())
    return path
