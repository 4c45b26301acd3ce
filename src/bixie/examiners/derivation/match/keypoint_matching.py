"""From two sets of features to the few ways in which one picture could lie in the other.

A match of two SIFT keypoints carries place, size and orientation, so a single one already proposes a
similarity [1]_; every match votes on every proposal, which finds five right matches among five hundred
wrong ones without drawing lots. The best proposals are grown to homographies.

References
----------
.. [1] D. Lowe, IJCV 60(2), 2004, section 7.3 (clusters in pose space).
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.features import Features, mirrored_descriptors

__all__ = ["Placement", "mirror_matrix", "mirrored_features", "propose_placements"]

Matrix = NDArray[np.float64]

RATIO = 0.92
"""Lenient: the vote, not the ratio test, tells right from wrong."""
MAX_MATCHES = 400
MAX_PLACEMENTS = 2
RUNNER_UP_SHARE = 0.15
"""A second placement is looked at if it has this share of the first one's votes."""
MIN_FEATURES = 8
CLEAR_VOTES = 60.0
"""So many votes for the picture as it is, and nobody needs to look for its mirror image."""
ORIENTATION_TOLERANCE = np.deg2rad(30)
SCALE_TOLERANCE = np.log(1.6)
MIN_VOTES = 4.5
GUIDED_SIMILARITY = 0.72
"""RootSIFT dot product above which a keypoint at the predicted place counts as the same one."""
_STEPS = 65535
"""Steps in which similarities are told apart when they are put in order."""
GUIDED_REACH = 0.15
"""How far, as a share of the exhibit's long side, the first fit may err: a slant is far from a similarity."""


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """One way in which the known picture could lie in the exhibit.

    Parameters
    ----------
    homography : ndarray, shape (3, 3)
        Known pixels (x, y, 1) to exhibit pixels.
    mirrored : bool
    inliers : ndarray, shape (n, 4), float32
        (x, y) in the exhibit and (x, y) in the known picture of the matches that agree.
    votes : float
        Weighted votes of the proposal.
    """

    homography: Matrix
    mirrored: bool
    inliers: NDArray[np.float32]
    votes: float


def mirror_matrix(width: int) -> Matrix:
    """Return the matrix that mirrors pixel columns of a picture `width` pixels wide."""
    return np.array([[-1.0, 0.0, width - 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def mirrored_features(features: Features) -> Features:
    """Return the features the mirrored picture would have."""
    points = features.points.copy()
    points[:, 0] = features.shape[1] - 1 - points[:, 0]
    return replace(
        features,
        points=points,
        angles=np.pi - features.angles,
        descriptors=mirrored_descriptors(features.descriptors),
    )


def propose_placements(exhibit: Features, known: Features, known_mirrored: Features) -> list[Placement]:
    """Return placements of the known picture in the exhibit, best first.

    Parameters
    ----------
    exhibit, known : Features
    known_mirrored : Features
        `mirrored_features` of `known`; passed in so that it is computed once a known picture.

    Returns
    -------
    list of Placement
        At most `MAX_PLACEMENTS`; empty if nothing agrees with anything.
    """
    if min(len(exhibit), len(known)) < MIN_FEATURES:
        return []
    proposals = _proposals(exhibit, known, False)
    if not proposals or proposals[0].votes < CLEAR_VOTES:
        proposals += _proposals(exhibit, known_mirrored, True)
    proposals.sort(key=lambda proposal: -proposal.votes)
    worthy = [p for p in proposals[:MAX_PLACEMENTS] if p.votes >= RUNNER_UP_SHARE * proposals[0].votes]
    placements = [_grow(proposal) for proposal in worthy]
    return [placement for placement in placements if placement is not None]


@dataclass(frozen=True, slots=True, eq=False)
class _Proposal:
    """Matches that agree on a similarity, and what is needed to look for more."""

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
    """Mutual nearest neighbours under a lenient ratio test, the most distinctive first."""
    columns = similarity.argmax(axis=1)
    rows = np.arange(len(columns))
    best = similarity[rows, columns]
    similarity[rows, columns] = -1.0
    second = similarity.max(axis=1)
    similarity[rows, columns] = best
    ratio = np.sqrt(np.maximum(1 - best, 0) / np.maximum(1 - second, 1e-6))
    keep = np.flatnonzero(ratio < RATIO)
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
    """Let every match propose a similarity and every other match vote on it."""
    rows, columns = matches
    there = exhibit.points[rows].astype(np.float64) @ np.array([1, 1j])
    here = known.points[columns].astype(np.float64) @ np.array([1, 1j])
    turn = (exhibit.angles[rows] - known.angles[columns]).astype(np.float64)
    log_scale = np.log(exhibit.sizes[rows] / known.sizes[columns]).astype(np.float64)
    factor = np.exp(log_scale + 1j * turn)
    predicted = there[:, None] + factor[:, None] * (here[None, :] - here[:, None])
    # A keypoint's own orientation is good to some 10 degrees and its size to some 15 %, so the error of a
    # prediction grows with the distance from the match that made it.
    reach = np.abs(factor[:, None] * (here[None, :] - here[:, None]))
    tolerance = 0.012 * max(exhibit.shape) + 0.12 * reach
    agrees = np.abs(predicted - there[None, :]) < tolerance
    agrees &= np.abs(_wrapped(turn[None, :] - turn[:, None])) < ORIENTATION_TOLERANCE
    agrees &= np.abs(log_scale[None, :] - log_scale[:, None]) < SCALE_TOLERANCE
    votes = agrees @ weights
    winner = int(votes.argmax())
    return agrees[winner], float(votes[winner])


def _wrapped(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return (angle + np.pi) % (2 * np.pi) - np.pi


def _grow(proposal: _Proposal) -> Placement | None:
    """Fit, look for more matches where the fit predicts them, and fit again with more freedom."""
    exhibit, known = proposal.exhibit, proposal.known
    long_side = float(max(exhibit.shape))
    matrix = _fit_similarity(exhibit.points[proposal.rows], known.points[proposal.columns])
    if matrix is None:
        return None
    alike = _alike(proposal, matrix)
    for tolerance in (0.03, 0.015, 0.01):
        if matrix is None:
            return None
        rows, columns = _guided_matches(proposal, alike, matrix, tolerance * long_side)
        if len(rows) < 4:
            return None
        matrix = _fit(exhibit.points[rows], known.points[columns], long_side)
    if matrix is None or not _is_sane(matrix, known.shape):
        return None
    rows, columns = _guided_matches(proposal, alike, matrix, 0.006 * long_side)
    if len(rows) < 4:
        return None
    inliers = np.hstack([exhibit.points[rows], known.points[columns]]).astype(np.float32)
    if proposal.mirrored:
        inliers[:, 2] = known.shape[1] - 1 - inliers[:, 2]
        matrix = matrix @ mirror_matrix(known.shape[1])
    return Placement(matrix, proposal.mirrored, inliers, proposal.votes)


def _alike(proposal: _Proposal, matrix: Matrix) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (exhibit, known) indices of keypoints that look alike about where the matrix says.

    The most alike come first.
    """
    there, predicted = proposal.exhibit.points, _predicted(proposal.known, matrix)
    reach = GUIDED_REACH * max(proposal.exhibit.shape)
    near = np.abs(there[:, 0, None] - predicted[None, :, 0]) < reach
    near &= np.abs(there[:, 1, None] - predicted[None, :, 1]) < reach
    near &= proposal.similarity > GUIDED_SIMILARITY
    rows, columns = np.divmod(np.flatnonzero(near), near.shape[1])
    apart = np.clip((1 - proposal.similarity[rows, columns]) * _STEPS, 0, _STEPS).astype(np.uint16)
    order = np.argsort(apart, kind="stable")  # of 16-bit numbers: a radix sort
    return rows[order], columns[order]


def _predicted(known: Features, matrix: Matrix) -> NDArray[np.float32]:
    points = cv2.perspectiveTransform(known.points[None].astype(np.float64), matrix)[0]
    return np.asarray(points, np.float32)


def _guided_matches(
    proposal: _Proposal,
    alike: tuple[NDArray[np.intp], NDArray[np.intp]],
    matrix: Matrix,
    tolerance: float,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pair keypoints that look alike and lie where the matrix says, each with its best partner only."""
    exhibit, known = proposal.exhibit, proposal.known
    apart = exhibit.points[alike[0]] - _predicted(known, matrix)[alike[1]]
    near = np.flatnonzero(apart[:, 0] ** 2 + apart[:, 1] ** 2 < tolerance**2)
    rows, columns = alike[0][near], alike[1][near]
    order = np.arange(len(near))
    mutual = (_first(rows, len(exhibit))[rows] == order) & (_first(columns, len(known))[columns] == order)
    return rows[mutual], columns[mutual]


def _first(indices: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Return where each index occurs first."""
    first = np.zeros(size, np.intp)
    first[indices[::-1]] = np.arange(len(indices))[::-1]
    return first


def _fit_similarity(there: NDArray[np.float32], here: NDArray[np.float32]) -> Matrix | None:
    matrix, _ = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=0.03 * float(np.ptp(there, axis=0).max() + 1)
    )
    return None if matrix is None else np.vstack([matrix, [0.0, 0.0, 1.0]])


def _fit(there: NDArray[np.float32], here: NDArray[np.float32], long_side: float) -> Matrix | None:
    """Fit as much freedom as the number of matches supports."""
    threshold = max(1.0, 0.004 * long_side)
    if len(there) >= 12:
        matrix, inside = cv2.findHomography(here, there, cv2.USAC_MAGSAC, threshold, maxIters=2000)
        if matrix is not None and inside.sum() >= 10:
            return np.asarray(matrix, np.float64)
    matrix, _ = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=2 * threshold
    )
    return None if matrix is None else np.vstack([matrix, [0.0, 0.0, 1.0]])


def _is_sane(matrix: Matrix, shape: tuple[int, int]) -> bool:
    """Tell whether the frame stays a convex quadrangle of a credible size, seen from the front."""
    height, width = shape
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    if np.any(matrix[2] @ np.vstack([corners[0].T, np.ones(4)]) * np.sign(matrix[2, 2]) <= 0):
        return False
    quad = cv2.perspectiveTransform(corners, matrix)[0]
    sides = np.roll(quad, -1, axis=0) - quad
    cross = sides[:, 0] * np.roll(sides, -1, axis=0)[:, 1] - sides[:, 1] * np.roll(sides, -1, axis=0)[:, 0]
    scale = np.sqrt(abs(cv2.contourArea(quad.astype(np.float32))) / (height * width))
    return bool((cross > 0).all() and 0.05 < scale < 20)
