"""The examiner `derivation`: compares an exhibit with known pictures.

It links the exhibit to known pictures, aligns the best of them, segments what differs and reports it in the
codes of the examination contract (docs/reference/report.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bixie.examiners.derivation.compare import compare_pair, unexplained
from bixie.examiners.derivation.findings import (
    direction_warning,
    finding_of_identical_file,
    finding_of_link,
    finding_of_same_product,
    no_known_pictures,
    too_little_to_compare,
)
from bixie.examiners.derivation.link.linking import Link, Relation, features_of, link_pair
from bixie.examiners.derivation.match.features import extract_features
from bixie.examiners.derivation.match.visible_crop import VisibleCrop, visible_crop
from bixie.examiners.derivation.presentation import PRESENTATION
from bixie.examiners.parallel import map_in_order
from bixie.examiners.presentation import Presentation
from bixie.examiners.protocol import Context, Exhibit, Known, Statement
from bixie.imaging.structure.traces import traces_of
from bixie.kit.progress import no_progress

__all__ = ["EXAMINER", "DerivationExaminer"]

MIN_FEATURES = 8
"""Keypoints of the exhibit below which it is not compared."""
MAX_LINKS = 4
"""Linked known pictures that are compared pixel by pixel; a collage of more is rare, and each takes time."""


@dataclass(frozen=True, slots=True)
class DerivationExaminer:
    """Compares an exhibit with known pictures."""

    name: str = "derivation"
    presentation: Presentation = PRESENTATION

    def prepare_known(self, known: Known) -> None:
        """Extract the features of a known picture."""
        features_of(known)

    def examine(self, exhibit: Exhibit, context: Context) -> Iterable[Statement]:
        """Return findings about every known picture that the exhibit shows.

        Parameters
        ----------
        exhibit : Exhibit
        context : Context
            Only its known pictures are used; the caller vouches that they are older than the claim.
        """
        if not context.known:
            return [no_known_pictures()]
        for known in context.known:
            if known.sha256 == exhibit.source.sha256 and not known.data:
                return [finding_of_identical_file(exhibit.picture, known)]
        shown = visible_crop(exhibit.picture)
        features = extract_features(shown.rgb)
        if len(features) < MIN_FEATURES:
            return [too_little_to_compare()]
        found = map_in_order(
            lambda known: link_pair(shown.rgb, features, known),
            context.known,
            workers=context.workers,
            progress=no_progress,
        )
        links = [one for one in found if one is not None]
        same = [one for one in links if one.relation is not Relation.SAME_PRODUCT]
        if same:
            return _statements(exhibit, shown, same)
        return [finding_of_same_product(one) for one in _best_of_each_file(links)[:1]]


def _statements(exhibit: Exhibit, shown: VisibleCrop, links: Sequence[Link]) -> list[Statement]:
    traces = traces_of(exhibit.structure)
    pairs = [compare_pair(shown.rgb, traces, one) for one in _best_of_each_file(links)[:MAX_LINKS]]
    statements: list[Statement] = []
    for pair in unexplained(pairs):
        statements.append(finding_of_link(exhibit.picture, shown, pair))
        if pair.direction.contradicts:
            statements.append(direction_warning(pair))
    return statements


def _best_of_each_file(links: Sequence[Link]) -> list[Link]:
    """Return one link per file, the strongest first; of a video the best frame."""
    best: dict[Known | str, Link] = {}
    for one in sorted(links, key=lambda candidate: -candidate.bits):
        best.setdefault(one.known.path, one)
    return list(best.values())


EXAMINER = DerivationExaminer()
