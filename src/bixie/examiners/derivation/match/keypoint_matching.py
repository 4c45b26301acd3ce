"""Match the keypoints of two pictures and propose homographies from the matches.

A match of two SIFT keypoints has position, size and orientation, so a single match already proposes a
similarity transform [1]_. Every match votes on every proposal, which finds five inliers among five hundred
outliers without random sampling. The best proposals grow into homographies with MAGSAC++ [2]_.

References
----------
.. [1] D. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 60(2), 2004, section 7.3.
   DOI 10.1023/B:VISI.0000029664.99615.94.
.. [2] D. Barath, J. Noskova, M. Ivashechkin, J. Matas, "MAGSAC++, a fast, reliable and accurate robust
   estimator", CVPR 2020. DOI 10.1109/CVPR42600.2020.00138.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.features import Features, mirrored_descriptors
from bixie.examiners.derivation.match.warping import Matrix, mirror_matrix

__all__ = ["Placement", "mirrored_features", "propose_placements"]

MAX_RATIO = 0.92
"""Distance of the nearest descriptor over that of the second (Lowe's ratio test). Lenient: the votes reject
outliers."""
MAX_MATCHES = 400
MAX_PLACEMENTS = 2
"""Homographies that are proposed for a pair, at most."""
MIN_RUNNER_UP_SHARE = 0.15
"""Share of the best proposal's votes from which the second one is grown too."""
MIN_FEATURES = 8
"""Keypoints of each picture below which nothing is matched."""
MIN_VOTES_TO_SKIP_MIRROR = 60.0
"""Votes for the picture as it is from which its mirror image is not tried."""
ORIENTATION_TOLERANCE = np.deg2rad(30)
"""Radians by which two matches of one proposal may differ."""
SCALE_TOLERANCE = np.log(1.6)
"""Log of the factor by which two matches of one proposal may differ in size."""
MIN_VOTES = 4.5
"""Weighted votes below which a proposal is dropped."""
MIN_GUIDED_SIMILARITY = 0.72
"""RootSIFT dot product above which keypoints at the predicted position match."""
_SORT_LEVELS = 65535
"""Levels to which similarities are quantised before they are sorted."""
MAX_GUIDED_DISTANCE = 0.15
"""Error of the first fit, as a share of the exhibit's long side, that guided matching allows for: perspective
is far from a similarity."""


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """A homography that keypoint matches propose.

    Parameters
    ----------
    homography : ndarray, shape (3, 3)
        Known pixels (x, y, 1) to exhibit pixels.
    mirrored : bool
        Whether the homography mirrors the known picture.
    inliers : ndarray, shape (n, 4), float32
        (x, y) in the exhibit and (x, y) in the known picture of the matches that agree, pixels.
    votes : float
        Weighted votes of the proposal.
    """

    homography: Matrix
    mirrored: bool
    inliers: NDArray[np.float32]
    votes: float


def mirrored_features(features: Features) -> Features:
    """Return the features that the mirrored picture would have."""
    points = features.points.copy()
    points[:, 0] = features.shape[1] - 1 - points[:, 0]
    return replace(
        features,
        points=points,
        angles=np.pi - features.angles,
        descriptors=mirrored_descriptors(features.descriptors),
    )


def propose_placements(exhibit: Features, known: Features, known_mirrored: Features) -> list[Placement]:
    """Propose homographies from the known picture to the exhibit, best first.

    Parameters
    ----------
    exhibit, known : Features
    known_mirrored : Features
        `mirrored_features` of `known`, computed once for each known picture.

    Returns
    -------
    list of Placement
        At most `MAX_PLACEMENTS`; empty if nothing agrees with anything.
    """
    if min(len(exhibit), len(known)) < MIN_FEATURES:
        return []
    proposals = _proposals(exhibit, known, False)
    if not proposals or proposals[0].votes < MIN_VOTES_TO_SKIP_MIRROR:
        proposals += _proposals(exhibit, known_mirrored, True)
    proposals.sort(key=lambda proposal: -proposal.votes)
    worthy = [p for p in proposals[:MAX_PLACEMENTS] if p.votes >= MIN_RUNNER_UP_SHARE * proposals[0].votes]
    placements = [_grow(proposal) for proposal in worthy]
    return [placement for placement in placements if placement is not None]


@dataclass(frozen=True, slots=True, eq=False)
class _Proposal:
    """Matches that agree on a similarity transform, with the features to match further."""

    exhibit: Features
    known: Features
    mirrored: bool
    similarity: NDArray[np.float32]
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    votes: float


def _proposals(exhibit: Features, known: Features, mirrored: bool) -> list[_Proposal]:
    similarity = exhibit.descriptors @ known.descriptors.T
    rows, columns, weights = _tentative_matches(similarity)
    proposals: list[_Proposal] = []
    alive = np.ones(len(rows), bool)
    while len(proposals) < MAX_PLACEMENTS and alive.sum() >= MIN_VOTES:
        agreeing, votes = _vote(exhibit, known, (rows[alive], columns[alive]), weights[alive])
        if votes < MIN_VOTES:
            break
        chosen = np.flatnonzero(alive)[agreeing]
        alive[chosen] = False
        proposals.append(
            _Proposal(exhibit, known, mirrored, similarity, rows[chosen], columns[chosen], votes)
        )
    return proposals


def _tentative_matches(
    similarity: NDArray[np.float32],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Return mutual nearest neighbours that pass a lenient ratio test, the most distinctive first."""
    columns = similarity.argmax(axis=1)
    rows = np.arange(len(columns))
    best = similarity[rows, columns]
    similarity[rows, columns] = -1.0
    second = similarity.max(axis=1)
    similarity[rows, columns] = best
    ratio = np.sqrt(np.maximum(1 - best, 0) / np.maximum(1 - second, 1e-6))
    keep = np.flatnonzero(ratio < MAX_RATIO)
    mutual = np.ascontiguousarray(similarity[:, columns[keep]].T).argmax(axis=1) == keep
    keep = keep[mutual]
    keep = keep[np.argsort(ratio[keep], kind="stable")][:MAX_MATCHES]
    weights = np.clip((1.0 - ratio[keep]) / 0.2, 0.2, 1.0)
    return rows[keep], columns[keep], weights


def _vote(
    exhibit: Features,
    known: Features,
    matches: tuple[NDArray[np.intp], NDArray[np.intp]],
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.bool_], float]:
    """Let every match propose a similarity transform and all vote on it; return the winner's inliers."""
    rows, columns = matches
    exhibit_points = exhibit.points[rows].astype(np.float64) @ np.array([1, 1j])
    known_points = known.points[columns].astype(np.float64) @ np.array([1, 1j])
    turn = (exhibit.angles[rows] - known.angles[columns]).astype(np.float64)
    log_scale = np.log(exhibit.sizes[rows] / known.sizes[columns]).astype(np.float64)
    factor = np.exp(log_scale + 1j * turn)
    predicted = exhibit_points[:, None] + factor[:, None] * (known_points[None, :] - known_points[:, None])
    # Orientations are exact to some 10 degrees and sizes to some 15 %, so the error of a prediction grows
    # with the distance from the match that made it.
    distance = np.abs(factor[:, None] * (known_points[None, :] - known_points[:, None]))
    tolerance = 0.012 * max(exhibit.shape) + 0.12 * distance
    agrees = np.abs(predicted - exhibit_points[None, :]) < tolerance
    agrees &= np.abs(_wrap_angle(turn[None, :] - turn[:, None])) < ORIENTATION_TOLERANCE
    agrees &= np.abs(log_scale[None, :] - log_scale[:, None]) < SCALE_TOLERANCE
    votes = agrees @ weights
    winner = int(votes.argmax())
    return agrees[winner], float(votes[winner])


def _wrap_angle(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return (angle + np.pi) % (2 * np.pi) - np.pi


def _grow(proposal: _Proposal) -> Placement | None:
    """Fit, match again near the predicted positions, and fit again with more degrees of freedom."""
    exhibit, known = proposal.exhibit, proposal.known
    long_side = float(max(exhibit.shape))
    matrix = _fit_similarity(exhibit.points[proposal.rows], known.points[proposal.columns])
    if matrix is None:
        return None
    candidates = _candidate_matches(proposal, matrix)
    for tolerance in (0.03, 0.015, 0.01):
        if matrix is None:
            return None
        rows, columns = _guided_matches(proposal, candidates, matrix, tolerance * long_side)
        if len(rows) < 4:
            return None
        matrix = _fit(exhibit.points[rows], known.points[columns], long_side)
    if matrix is None or not _is_plausible(matrix, known.shape):
        return None
    rows, columns = _guided_matches(proposal, candidates, matrix, 0.006 * long_side)
    if len(rows) < 4:
        return None
    inliers = np.hstack([exhibit.points[rows], known.points[columns]]).astype(np.float32)
    if proposal.mirrored:
        inliers[:, 2] = known.shape[1] - 1 - inliers[:, 2]
        matrix = matrix @ mirror_matrix(known.shape[1])
    return Placement(matrix, proposal.mirrored, inliers, proposal.votes)


def _candidate_matches(proposal: _Proposal, matrix: Matrix) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (exhibit, known) indices of similar keypoints near the predicted position, best first."""
    points, predicted = proposal.exhibit.points, _predicted(proposal.known, matrix)
    reach = MAX_GUIDED_DISTANCE * max(proposal.exhibit.shape)
    near = np.abs(points[:, 0, None] - predicted[None, :, 0]) < reach
    near &= np.abs(points[:, 1, None] - predicted[None, :, 1]) < reach
    near &= proposal.similarity > MIN_GUIDED_SIMILARITY
    rows, columns = np.divmod(np.flatnonzero(near), near.shape[1])
    dissimilarity = (1 - proposal.similarity[rows, columns]) * _SORT_LEVELS
    levels = np.clip(dissimilarity, 0, _SORT_LEVELS).astype(np.uint16)
    order = np.argsort(levels, kind="stable")  # numpy sorts 16-bit numbers by radix
    return rows[order], columns[order]


def _predicted(known: Features, matrix: Matrix) -> NDArray[np.float32]:
    points = cv2.perspectiveTransform(known.points[None].astype(np.float64), matrix)[0]
    return np.asarray(points, np.float32)


def _guided_matches(
    proposal: _Proposal,
    candidates: tuple[NDArray[np.intp], NDArray[np.intp]],
    matrix: Matrix,
    tolerance: float,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the mutual best of the candidate matches whose error under the matrix is small."""
    exhibit, known = proposal.exhibit, proposal.known
    residual = exhibit.points[candidates[0]] - _predicted(known, matrix)[candidates[1]]
    near = np.flatnonzero(residual[:, 0] ** 2 + residual[:, 1] ** 2 < tolerance**2)
    rows, columns = candidates[0][near], candidates[1][near]
    order = np.arange(len(near))
    mutual = (_first_index(rows, len(exhibit))[rows] == order) & (
        _first_index(columns, len(known))[columns] == order
    )
    return rows[mutual], columns[mutual]


def _first_index(indices: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Return where each index occurs first."""
    first = np.zeros(size, np.intp)
    first[indices[::-1]] = np.arange(len(indices))[::-1]
    return first


def _fit_similarity(exhibit_points: NDArray[np.float32], known_points: NDArray[np.float32]) -> Matrix | None:
    threshold = 0.03 * float(np.ptp(exhibit_points, axis=0).max() + 1)
    matrix, _ = cv2.estimateAffinePartial2D(
        known_points, exhibit_points, method=cv2.RANSAC, ransacReprojThreshold=threshold
    )
    return None if matrix is None else np.vstack([matrix, [0.0, 0.0, 1.0]])


def _fit(
    exhibit_points: NDArray[np.float32], known_points: NDArray[np.float32], long_side: float
) -> Matrix | None:
    """Fit a homography (MAGSAC++), or a similarity transform where there are too few matches for one."""
    threshold = max(1.0, 0.004 * long_side)
    if len(exhibit_points) >= 12:
        matrix, inside = cv2.findHomography(
            known_points, exhibit_points, cv2.USAC_MAGSAC, threshold, maxIters=2000
        )
        if matrix is not None and inside.sum() >= 10:
            return np.asarray(matrix, np.float64)
    matrix, _ = cv2.estimateAffinePartial2D(
        known_points, exhibit_points, method=cv2.RANSAC, ransacReprojThreshold=2 * threshold
    )
    return None if matrix is None else np.vstack([matrix, [0.0, 0.0, 1.0]])


def _is_plausible(matrix: Matrix, shape: tuple[int, int]) -> bool:
    """Tell whether the frame stays a convex quadrilateral of a plausible size, seen from the front."""
    height, width = shape
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    if np.any(matrix[2] @ np.vstack([corners[0].T, np.ones(4)]) * np.sign(matrix[2, 2]) <= 0):
        return False
    quad = cv2.perspectiveTransform(corners, matrix)[0]
    sides = np.roll(quad, -1, axis=0) - quad
    cross = sides[:, 0] * np.roll(sides, -1, axis=0)[:, 1] - sides[:, 1] * np.roll(sides, -1, axis=0)[:, 0]
    scale = np.sqrt(abs(cv2.contourArea(quad.astype(np.float32))) / (height * width))
    return bool((cross > 0).all() and 0.05 < scale < 20)
