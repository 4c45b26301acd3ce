"""Turn a compared pair into a finding: code of the contract, sentences for people."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.detection import outline_polygons
from bixie.examiners.derivation.compare import PairComparison, State
from bixie.examiners.derivation.link.linking import Link, Relation
from bixie.examiners.derivation.link.logistic_model import calibration
from bixie.examiners.derivation.match.visible_crop import VisibleCrop
from bixie.examiners.protocol import Known
from bixie.examiners.results import Annotation, Comparison, FileError, Finding, Grade, NotApplicable
from bixie.imaging.decode import Picture
from bixie.kit.messages import Text, catalogue

__all__ = [
    "direction_warning",
    "finding_of_identical_file",
    "finding_of_link",
    "finding_of_same_product",
    "no_known_pictures",
    "too_little_to_compare",
]

_PACKAGE = "bixie.examiners.derivation"
_NAME = "derivation"
_CODES = {
    State.EDITED: "derivation.known_picture_edited",
    State.ANNOTATED: "derivation.known_picture_annotated",
    State.UNCHANGED: "derivation.known_picture_unchanged",
}
_GRADES = {
    State.EDITED: Grade.CONCLUSIVE,
    State.ANNOTATED: Grade.INFORMATIVE,
    State.UNCHANGED: Grade.CONCLUSIVE,
}


def no_known_pictures() -> NotApplicable:
    """Return that there is nothing to compare with."""
    return NotApplicable(_NAME, _text("derivation.no_known_pictures"))


def too_little_to_compare() -> NotApplicable:
    """Return that the exhibit shows too little to be recognised."""
    return NotApplicable(_NAME, _text("derivation.too_little_to_compare"))


def finding_of_same_product(link: Link) -> Finding:
    """Return the finding that another photograph shows the same product."""
    return Finding(
        examiner=_NAME,
        code="derivation.same_product_seen",
        grade=Grade.INFORMATIVE,
        strength_bits=0.0,
        explain=_text("derivation.same_product_seen", known=link.known.path),
        limits=_text("derivation.limits.same_product"),
        known=link.known.path,
        data={**link.known.data, "evidence": link.evidence.to_dict()},
    )


def finding_of_identical_file(picture: Picture, known: Known) -> Finding:
    """Return the finding that the exhibit is the known file itself, which no other picture makes an edit."""
    whole = np.ones(picture.rgb.shape[:2], bool)
    return Finding(
        examiner=_NAME,
        code=_CODES[State.UNCHANGED],
        grade=Grade.CONCLUSIVE,
        strength_bits=0.0,
        explain=_text("derivation.identical", known=known.path),
        limits=_text("derivation.limits.linked"),
        mask=np.zeros(picture.rgb.shape[:2], np.uint8),
        known=known.path,
        same_shot=True,
        comparison=Comparison(picture.rgb, picture.rgb, whole),
        data={
            "identical_bytes": True,
            "changed_share": 0.0,
            "mirrored": False,
            "vouched_by": known.vouched_by,
        },
    )


def finding_of_link(picture: Picture, shown: VisibleCrop, pair: PairComparison) -> Finding:
    """Return the finding of a linked and compared pair.

    Parameters
    ----------
    picture : Picture
        Of the exhibit: its displayed grid is the grid of the regions.
    shown : VisibleCrop
        The part of it that was compared.
    pair : PairComparison
    """
    scale = picture.width / picture.rgb.shape[1], picture.height / picture.rgb.shape[0]
    mask = shown.on_picture(pair.change.changed, picture)
    regions = outline_polygons(mask, scale)
    annotation = _annotation(shown.on_picture(pair.change.annotated, picture), scale)
    proven = pair.link.relation is Relation.SAME_PHOTOGRAPH and not _undated(pair)
    code = _CODES[pair.state] if proven else "derivation.direction_unknown"
    certain = proven and not pair.may_be_second_exposure
    grade = _GRADES[pair.state] if certain else Grade.STATISTICAL
    return Finding(
        examiner=_NAME,
        code=code,
        grade=grade,
        strength_bits=_strength(pair),
        explain=_explain(picture, pair, len(regions), len(annotation.regions) if annotation else 0),
        limits=_limits(pair, proven=proven),
        regions=regions,
        mask=mask,
        annotation=annotation,
        known=pair.link.known.path,
        same_shot=True,
        comparison=_comparison(picture, shown, pair),
        data=_data(shown, pair),
    )


def direction_warning(pair: PairComparison) -> FileError:
    """Return the warning that the pair contradicts the caller about which picture is the older."""
    code = "derivation.direction_contradicted"
    against = [_text(f"derivation.sign.{sign}") for sign, bits in pair.direction.signs.items() if bits < 0]
    signs = Text(en="; ".join(one.en for one in against), zh="；".join(one.zh for one in against))
    return FileError(code, _text(code, known=pair.link.known.path, signs=signs))


def _undated(pair: PairComparison) -> bool:
    """Return whether the pair differs in content and nothing says which of the two is older.

    A record made before the claim's file was received stands, whatever the pair looks like. The caller's
    word does not stand against the pair.
    """
    if pair.state is not State.EDITED:
        return False
    vouched_by = pair.link.known.vouched_by
    return vouched_by == "nobody" or (vouched_by == "caller" and pair.direction.contradicts)


def _strength(pair: PairComparison) -> float:
    """Return the bits of the link for an edit, 0 otherwise: only an edit speaks against a photo.

    Where the older picture is unknown, the bits of the direction limit them: the known picture may have been
    made from the photo.
    """
    if pair.state is not State.EDITED:
        return 0.0
    bits = min(calibration().max_bits, pair.link.bits)
    return round(max(0.0, min(bits, pair.direction.bits)) if _undated(pair) else bits, 2)


def _limits(pair: PairComparison, *, proven: bool) -> Text:
    known = pair.link.known
    stated = "recorded" if known.vouched_by == "record" else "linked"
    text = _text(f"derivation.limits.{stated if proven else 'unproven'}")
    for flag, addition in (
        (proven and pair.may_be_second_exposure, _why_second_exposure(pair)),
        (proven and pair.state is State.EDITED and pair.noise is None, "fixed_camera"),
        (not known.clock_agrees, "clock"),
    ):
        if flag:
            more = _text(f"derivation.limits.{addition}")
            text = Text(en=f"{text.en} {more.en}", zh=text.zh + more.zh)
    return text


def _explain(picture: Picture, pair: PairComparison, places: int, marks: int) -> Text:
    text = _text(
        _key(picture, pair),
        known=pair.link.known.path,
        places=places,
        share=f"{100 * pair.change.changed_share:.1f}",
    )
    for flag, addition in (
        (pair.state is State.EDITED and marks, "derivation.also.marked"),
        (pair.link.placement.mirrored, "derivation.also.mirrored"),
        (pair.link.redrawn, "derivation.also.redrawn"),
        (pair.change.background_replaced, "derivation.also.background"),
    ):
        if flag:
            more = _text(addition, marks=marks)
            text = Text(en=f"{text.en} {more.en}", zh=text.zh + more.zh)
    return text


def _key(picture: Picture, pair: PairComparison) -> str:
    """Return the sentence that fits the link, the direction, and what is missing of either picture."""
    if pair.link.relation is not Relation.SAME_PHOTOGRAPH:
        return f"derivation.likely.{pair.state.value}"
    if _undated(pair):
        return "derivation.contradicted" if pair.direction.contradicts else "derivation.undated"
    if pair.state is State.UNCHANGED and picture.missing:
        return "derivation.unchanged.cut_off"
    if pair.state is State.UNCHANGED and pair.link.known.picture.missing:
        return "derivation.unchanged.known_cut_off"
    if pair.may_be_second_exposure:
        return f"derivation.{_why_second_exposure(pair)}"
    return f"derivation.{pair.state.value}"


def _why_second_exposure(pair: PairComparison) -> str:
    """Return what speaks for two exposures first: a mark, the cameras' notes, the noise."""
    if pair.link.known.fixed_camera:
        return "marked_fixed"
    return "other_notes" if pair.other_notes else "second_exposure"


def _annotation(mask: NDArray[np.uint8], scale: tuple[float, float]) -> Annotation | None:
    return Annotation(mask, outline_polygons(mask, scale)) if mask.any() else None


def _comparison(picture: Picture, shown: VisibleCrop, pair: PairComparison) -> Comparison:
    """Return the exhibit and the registered known picture on the exhibit's whole frame."""
    rgb = picture.rgb
    registered = rgb.copy()
    covered = np.zeros(rgb.shape[:2], bool)
    left, top = pair.aligned.origin[0] + shown.left, pair.aligned.origin[1] + shown.top
    height, width = pair.aligned.covered.shape
    registered[top : top + height, left : left + width] = pair.aligned.registered
    covered[top : top + height, left : left + width] = pair.aligned.covered
    return Comparison(rgb, registered, covered)


def _data(shown: VisibleCrop, pair: PairComparison) -> dict[str, Any]:
    link = pair.link
    homography = shown.to_picture @ link.placement.homography @ np.linalg.inv(link.known_crop.to_picture)
    return {
        **link.known.data,
        "same_photograph_bits": round(link.bits, 2),
        "changed_share": round(pair.change.changed_share, 5),
        "annotated_share": round(pair.change.annotated_share, 5),
        "mirrored": link.placement.mirrored,
        "background_replaced": pair.change.background_replaced,
        "redrawn": link.redrawn,
        "noise_agreement": None if pair.noise is None else round(pair.noise, 3),
        "other_notes": list(pair.other_notes),
        "homography": [[round(float(v), 6) for v in row] for row in homography],
        "direction": pair.direction.to_dict(),
        "evidence": link.evidence.to_dict(),
        "vouched_by": link.known.vouched_by,
        **({} if link.known.clock_agrees else {"clock_agrees": False}),
        **({"fixed_camera": True} if link.known.fixed_camera else {}),
    }


def _text(key: str, **values: object) -> Text:
    return catalogue(_PACKAGE).text(key, **values)
