"""A claim as the examiners would report it, made up: the pages and documents are tested without them.

The pictures are those of ``examples/``; what is said about them is invented.
"""

import hashlib
import os
from pathlib import Path

import cv2
import numpy as np

from bixie.examiners.registry import find_examiners
from bixie.examiners.results import (
    Annotation,
    ClaimResult,
    ComparisonView,
    ExhibitResult,
    FileError,
    Finding,
    Grade,
    KnownResult,
    NotApplicable,
    Verdict,
)
from bixie.examiners.views import view
from bixie.kit.messages import Text

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

HEIGHT, WIDTH = 900, 1200
TEAR = ((520, 300), (760, 340), (755, 356), (515, 318))
HOLE = ((150, 610), (260, 600), (290, 690), (180, 730))
CIRCLE = ((480, 260), (800, 260), (800, 400), (480, 400))


def picture(name="listing", size=(WIDTH, HEIGHT)):
    """Return one of the example pictures at `size` (width, height), RGB."""
    bgr = cv2.imdecode(np.fromfile(EXAMPLES / f"{name}.jpg", np.uint8), cv2.IMREAD_COLOR)
    return cv2.cvtColor(cv2.resize(bgr, size, interpolation=cv2.INTER_CUBIC), cv2.COLOR_BGR2RGB)


def damaged():
    """Return the listing picture with a tear and a hole painted in."""
    rgb = picture()
    cv2.fillPoly(rgb, [np.array(TEAR, np.int32)], (38, 26, 22))
    cv2.fillPoly(rgb, [np.array(HOLE, np.int32)], (52, 40, 30))
    return rgb


def mask(*polygons, scale=0.5):
    """Return the mask of `polygons` on a reduced grid."""
    drawn = np.zeros((round(HEIGHT * scale), round(WIDTH * scale)), np.uint8)
    for polygon in polygons:
        cv2.fillPoly(drawn, [(np.array(polygon) * scale).astype(np.int32)], 255)
    return drawn


def edited(**changes):
    """Return the finding that a known picture was edited."""
    values = {
        "examiner": "derivation",
        "code": "derivation.known_picture_edited",
        "grade": Grade.CONCLUSIVE,
        "strength_bits": 20.0,
        "explain": Text(
            en="The same photograph as listing.jpg; two places were changed (1.4 % of the frame).",
            zh="这与 listing.jpg 是同一次拍摄；其中有两处内容改过，占画面的 1.4 %。",
        ),
        "limits": Text(
            en="It does not say who changed it. It rests on your word that listing.jpg is older.",
            zh="这不说明是谁改的。结论以您的说法为前提：listing.jpg 早于这次售后。",
        ),
        "regions": (TEAR, HOLE),
        "mask": mask(TEAR, HOLE),
        "known": "listing.jpg",
        "same_shot": True,
        "data": {"changed_share": 0.014, "direction": {"older": "known", "bits": 3.5}, "mirrored": False},
    }
    return Finding(**(values | changes))


def annotated():
    """Return the finding that only marks were drawn onto a known picture."""
    return edited(
        code="derivation.known_picture_annotated",
        grade=Grade.INFORMATIVE,
        strength_bits=0.0,
        regions=(),
        mask=None,
        annotation=Annotation(mask(CIRCLE), (CIRCLE,)),
        explain=Text(en="Only a circle was added to your picture.", zh="只是在您的图片上加了一个圈。"),
    )


def by_weight(strength_bits=4.2, **changes):
    """Return a statistical finding."""
    return edited(
        **{
            "code": "derivation.direction_unknown",
            "grade": Grade.STATISTICAL,
            "strength_bits": strength_bits,
            **changes,
        }
    )


def exhibit(path="claim.jpg", verdict=Verdict.REFUTED, findings=None, rgb=None, **changes):
    """Return one readable exhibit; its first finding is comparable with the listing picture."""
    findings = (edited(),) if findings is None else findings
    comparison = ComparisonView(view(picture(), WIDTH))
    values = {
        "path": path,
        "sha256": hashlib.sha256(os.fsencode(path)).hexdigest(),
        "media_type": "image/jpeg",
        "width": WIDTH,
        "height": HEIGHT,
        "verdict": verdict,
        "score_bits": sum(finding.strength_bits for finding in findings),
        "findings": tuple(findings),
        "comparisons": tuple(comparison for _ in findings),
        "timing_ms": {"decode": 41.0, "total": 512.3},
        "facts": {"size_bytes": 1_284_455},
        "preview": view(damaged() if rgb is None else rgb, WIDTH),
        "presentations": find_examiners().presentations,
    }
    return ExhibitResult(**(values | changes))


def honest(path="photos/honest.jpg"):
    """Return an exhibit about which nothing was found."""
    return exhibit(
        path,
        Verdict.INCONCLUSIVE,
        (),
        picture("honest"),
        not_applicable=(
            NotApplicable(
                "derivation",
                Text(en="The picture has too little texture.", zh="画面里可供比对的细节太少。"),
            ),
        ),
    )


def unreadable(path="photos/broken.jpg"):
    """Return an exhibit that could not be read."""
    return ExhibitResult(
        path=path,
        sha256=None,
        media_type=None,
        width=None,
        height=None,
        verdict=Verdict.UNREADABLE,
        score_bits=None,
        error=FileError("imaging.empty_file", Text(en="The file is empty.", zh="文件是空的，没有内容。")),
        timing_ms={"decode": 0.0, "total": 0.2},
    )


CONTRADICTED = FileError(
    "derivation.direction_contradicted",
    Text(
        en="You vouch for listing.jpg as the older one, but the pair looks the other way round.",
        zh="您担保 listing.jpg 更早，但从画面看，顺序可能正好相反。",
    ),
)


def claim(*exhibits, known=(), warnings=()):
    """Return a claim of `exhibits`, the listing picture vouched for."""
    order = (Verdict.REFUTED, Verdict.SUSPECT, Verdict.SUPPORTED)
    verdicts = {one.verdict for one in exhibits}
    listing = KnownResult("listing.jpg", "1f" * 32)
    return ClaimResult(
        next((verdict for verdict in order if verdict in verdicts), Verdict.INCONCLUSIVE),
        max((one.score_bits for one in exhibits if one.score_bits is not None), default=None),
        tuple(exhibits),
        (listing, *known),
        tuple(warnings),
    )
