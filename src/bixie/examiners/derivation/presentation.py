"""How the comparison with known pictures presents itself in report and page."""

from bixie.examiners.presentation import Effect, Presentation
from bixie.kit.messages import catalogue

__all__ = ["PRESENTATION"]

PRESENTATION = Presentation(
    words=catalogue("bixie.examiners.derivation"),
    effects={
        "derivation.known_picture_edited": Effect.REFUTES,
        "derivation.known_picture_annotated": Effect.NONE,
        "derivation.known_picture_unchanged": Effect.NONE,
        "derivation.same_product_seen": Effect.NONE,
        "derivation.direction_unknown": Effect.BY_WEIGHT,
    },
    telling=(
        "derivation.known_picture_unchanged",
        "derivation.known_picture_annotated",
        "derivation.direction_unknown",
        "derivation.same_product_seen",
    ),
    asks_for_photo=("derivation.known_picture_unchanged", "derivation.known_picture_annotated"),
)
