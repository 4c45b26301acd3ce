"""Damage painted into photos of goods: what breaks, dents or wears them, and (`spoilage`) what soils them."""

from collections.abc import Callable

import cv2
import numpy as np
from bench.attacks.surface import smoothstep
from numpy.typing import NDArray

from training.patch import Floats, Patch, moved, soft
from training.spoilage import SPOILAGE

__all__ = ["injured"]


def _groove(patch: Patch, canvas: NDArray[np.uint8], width: float, *, pale: bool | None = None) -> None:
    """Make drawn lines look cut in: dark with a light lip away from the light, or pale as in glass."""
    rng = patch.rng
    core = canvas.astype(np.float32) / np.float32(255)
    if rng.random() < 0.3:
        core = cv2.GaussianBlur(core, (0, 0), 0.7)
    if pale is None:
        pale = rng.random() < (0.9 if patch.tone < 55 else 0.25)
    reach = max(0.8, width * rng.uniform(0.3, 0.7))
    lip = np.clip(moved(core, -patch.light[0] * reach, -patch.light[1] * reach) - core, 0, 1)
    strength = np.float32(rng.uniform(0.4, 1))
    if pale:
        patch.paint(core * strength, patch.colour((232, 232, 228)))
        patch.shade(-lip * np.float32(0.5), lip * np.float32(0.5))
        return
    dark = [(16, 14, 13), (40, 30, 24), (70, 48, 32)][int(rng.integers(3))]
    patch.paint(core * strength, np.array(dark, np.float32))
    bright = lip * np.float32(rng.uniform(0, 0.7))
    patch.shade(bright, bright)


def _cracks(patch: Patch) -> None:
    """Paint a fracture that forks again and again."""
    rng = patch.rng
    canvas = np.zeros(patch.covered.shape, np.uint8)
    width = min(float(np.exp(rng.uniform(np.log(0.7), np.log(6)))) * patch.unit, patch.radius * 0.12)
    heading = rng.uniform(-np.pi, np.pi)
    wobble = rng.uniform(0.1, 0.6)
    start = -np.array([np.cos(heading), np.sin(heading)]) * patch.radius
    waiting = [(start, heading, patch.radius * 2, width)]
    forks = rng.uniform(0, 6)
    for _ in range(40):
        if not waiting:
            break
        begin, turn, length, thick = waiting.pop(0)
        path = patch.walk(begin, turn, length, wobble)
        patch.ribbon(canvas, path, thick)
        for _ in range(int(rng.poisson(forks * min(1, length / patch.radius / 2)))):
            aside = turn + rng.choice([-1, 1]) * rng.uniform(0.3, 1.3)
            root = path[int(rng.integers(len(path)))].astype(np.float64)
            waiting.append((root, aside, length * rng.uniform(0.2, 0.5), thick * rng.uniform(0.4, 0.8)))
    _groove(patch, canvas, width)


def _impact(patch: Patch) -> None:
    """Paint a spider web of glass or glaze: spokes, broken rings between them, a crushed middle."""
    rng = patch.rng
    canvas = np.zeros(patch.covered.shape, np.uint8)
    width = min(rng.uniform(0.7, 2.5) * patch.unit, patch.radius * 0.1)
    turns = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(5, 20))))
    for turn in turns:
        patch.ribbon(canvas, patch.walk(np.zeros(2), turn, patch.radius * rng.uniform(0.5, 1.5), 0.15), width)
    for far in patch.radius * rng.uniform(0.1, 0.9, int(rng.integers(0, 6))):
        corners = (
            np.stack([np.cos(turns), np.sin(turns)], axis=1) * far * rng.uniform(0.8, 1.2, (len(turns), 1))
        )
        for first, second in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            if rng.random() < 0.6:
                patch.ribbon(canvas, np.linspace(first, second, 4).astype(np.float32), width * 0.8)
    pale = rng.random() < 0.65
    if rng.random() < 0.6:
        crushed = patch.level(0.5, jagged=True) - np.float32(patch.radius * rng.uniform(0.7, 0.85))
        speckle = patch.noise(2 * patch.unit + 1, 2) * soft(crushed, 3)
        patch.paint(speckle, patch.colour((235, 236, 238) if pale else (30, 28, 28)))
    _groove(patch, canvas, width, pale=pale)


def _crazing(patch: Patch) -> None:
    """Paint a net of hairlines, or of dried and gaping paint."""
    rng = patch.rng
    height, width = patch.covered.shape
    net = cv2.Subdiv2D((-2 * width, -2 * height, 5 * width, 5 * height))
    net.insert((rng.random((int(rng.integers(12, 150)), 2)) * np.array([width, height])).tolist())
    facets, _ = net.getVoronoiFacetList([])
    canvas = np.zeros((height, width), np.uint8)
    lines = [np.clip(np.asarray(facet) * 16, -1e6, 1e6).astype(np.int32) for facet in facets]
    thick = int(rng.choice([1, 1, 1, 2, 3]))
    cv2.polylines(canvas, lines, True, 255, thick, cv2.LINE_AA, 4)
    fading = soft(patch.outline(0.7), patch.radius * rng.uniform(0.1, 1))
    fading *= smoothstep(0.15, 0.5, patch.noise(patch.radius * 0.5, 3))
    bend = patch.noise(12 * patch.unit, 2) * np.float32(7 * patch.unit)
    rows, columns = np.indices(canvas.shape, dtype=np.float32)
    bent = cv2.remap(canvas, columns + bend, rows - bend, cv2.INTER_LINEAR)
    _groove(patch, (bent * fading).astype(np.uint8), thick)


def _scratches(patch: Patch) -> None:
    """One long scratch, a bundle of parallel ones, or crossing ones; thin, light or dark, some glint."""
    rng = patch.rng
    count = int(rng.choice([1, 1, 2, 4, 9, 25]))
    heading, crossing = rng.uniform(-np.pi, np.pi), rng.choice([0.02, 0.1, 0.8])
    width = min(rng.uniform(0.5, 3) * patch.unit, patch.radius * 0.15)
    bow = rng.normal(0, 0.25)
    canvas = np.zeros(patch.covered.shape, np.uint8)
    for _ in range(count):
        turn = heading + rng.normal(0, crossing)
        along, aside = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        length = patch.radius * rng.uniform(0.5, 1.2)
        shift = aside * rng.normal(0, patch.radius * 0.25) * (count > 1) + along * rng.normal(
            0, patch.radius * 0.2
        )
        steps = np.linspace(-1, 1, 24)[:, None]
        path = shift + along * steps * length + aside * (steps**2 - 0.3) * bow * length
        level = int(rng.integers(110, 256))
        patch.ribbon(canvas, path.astype(np.float32), width * rng.uniform(0.5, 1.2), level)
    broken = smoothstep(rng.uniform(0, 0.35), 0.55, patch.streaks(heading, width * 2, 6))
    _groove(patch, (canvas * broken).astype(np.uint8), width, pale=bool(rng.random() < 0.6))


def _scuff(patch: Patch) -> None:
    """Paint a worn place: fine parallel grain, lighter or darker than the goods."""
    rng = patch.rng
    angle = rng.uniform(0, np.pi)
    where = soft(patch.outline(0.5, rng.uniform(1, 3)), patch.radius * rng.uniform(0.3, 1))
    grain = patch.streaks(angle, max(1.5, rng.uniform(1.5, 5) * patch.unit), rng.uniform(6, 20))
    low = rng.uniform(0.3, 0.6)
    alpha = where * smoothstep(low, low + 0.2, grain + 0.2 * (where - 1))
    worn = [(225, 222, 215), (190, 178, 160), (58, 52, 48), (120, 112, 105)][int(rng.integers(4))]
    patch.paint(alpha * np.float32(rng.uniform(0.3, 0.9)), patch.colour(worn))


def _dent(patch: Patch) -> None:
    """Paint a dent or a bulge: light on one side and shade on the other, no new colour."""
    rng = patch.rng
    edge = patch.outline(rng.uniform(0.05, 0.5), rng.uniform(1, 3))
    where = smoothstep(0, patch.radius * rng.uniform(0.35, 1), edge)
    where = cv2.GaussianBlur(where, (0, 0), max(1.0, patch.radius * 0.06))
    lit = patch.relief(where * np.float32(rng.choice([-1, -1, 1])), rng.uniform(0.15, 0.65))
    patch.shade(
        lit - where * np.float32(rng.uniform(0, 0.2)), np.maximum(where, np.minimum(np.abs(lit) * 3, 1))
    )


def _wrinkles(patch: Patch) -> None:
    """Creases of cloth, paper, film or dented sheet: ridges lit from one side."""
    rng = patch.rng
    canvas = np.zeros(patch.covered.shape, np.uint8)
    heading, spread = rng.uniform(-np.pi, np.pi), rng.choice([0.15, 0.5, 2.0])
    width = max(1.2, patch.radius * rng.uniform(0.02, 0.1))
    for _ in range(int(rng.integers(1, 14))):
        turn = heading + rng.normal(0, spread)
        start = (
            rng.normal(0, patch.radius * 0.35, 2)
            - np.array([np.cos(turn), np.sin(turn)]) * patch.radius * 0.6
        )
        path = patch.walk(start, turn, patch.radius * rng.uniform(0.6, 1.5), 0.2)
        patch.ribbon(canvas, path, width, int(rng.integers(100, 256)))
    height = cv2.GaussianBlur(canvas.astype(np.float32) / 255, (0, 0), width * rng.uniform(0.4, 1))
    lit = patch.relief(height, rng.uniform(0.25, 0.85))
    lit *= soft(patch.level(0.3) + np.float32(patch.radius * 0.3), patch.radius)
    patch.shade(lit, np.minimum(np.abs(lit) * 3, 1))


def _hole(patch: Patch) -> None:
    """Paint a hole punched, worn through, or burnt with a brown halo."""
    rng = patch.rng
    jagged = bool(rng.random() < 0.35)
    edge = patch.outline(rng.uniform(0.02, 0.7), rng.uniform(1, 1.8), jagged=jagged)
    kind = rng.random()
    if kind < 0.35:
        reach = patch.radius * rng.uniform(0.1, 0.4)
        halo = np.exp(-np.maximum(-edge, 0) / np.float32(reach))
        halo *= np.float32(0.5) + np.float32(0.5) * patch.noise(patch.radius * 0.4)
        halo *= soft(patch.radius * np.float32(1.35) - np.hypot(patch.x, patch.y), patch.radius * 0.4)
        patch.soak(halo, patch.colour((104, 58, 26)) * np.float32(rng.uniform(0.3, 1)))
    elif kind < 0.7:
        worn = np.exp(-((edge / max(1.0, patch.radius * 0.1)) ** 2)) * patch.noise(3 * patch.unit + 1, 2)
        patch.paint(worn, patch.colour((222, 216, 204)))
    patch.opened(edge, patch.within())
    if rng.random() < 0.5:
        lit = patch.relief(-cv2.GaussianBlur(soft(edge, 3), (0, 0), 1.5), rng.uniform(0.2, 0.6)) * (edge < 0)
        patch.shade(lit.astype(np.float32), np.minimum(np.abs(lit) * 2, 1).astype(np.float32))


def _tear(patch: Patch) -> None:
    """Paint a rip with fibrous pale edges, at times with a hanging flap or threads across."""
    rng = patch.rng
    heading = rng.uniform(-np.pi, np.pi)
    along = np.array([np.cos(heading), np.sin(heading)])
    path = patch.walk(-along * patch.radius, heading, patch.radius * 2, rng.uniform(0.1, 0.5))
    gape = np.sin(np.linspace(0, np.pi, len(path)))[:, None] * patch.radius * rng.uniform(0.08, 0.4)
    aside = np.array([-along[1], along[0]])
    ragged = rng.uniform(0.3, 1, (2, len(path), 1))
    sides = np.concatenate([path + aside * gape * ragged[0], (path - aside * gape * ragged[1])[::-1]])
    canvas = np.zeros(patch.covered.shape, np.uint8)
    origin = np.array([patch.x[0, 0], patch.y[0, 0]])
    cv2.fillPoly(canvas, [np.round((sides - origin) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    fibre = patch.noise(3 * patch.unit + 1, 3)
    edge = patch.signed(canvas.astype(np.float32) - np.float32(127)) + (fibre - np.float32(0.5)) * 3
    band = max(1.5, patch.radius * rng.uniform(0.02, 0.12))
    if rng.random() < 0.75:
        torn = smoothstep(-band * 1.6, -band * 0.6, edge + band * (fibre - 0.5) * 2)
        pale = patch.colour((238, 234, 226)) * (np.float32(0.75) + np.float32(0.3) * fibre[..., None])
        patch.paint(torn * np.float32(rng.uniform(0.5, 1)), pale)
    flap = patch.rgb.copy()
    patch.opened(edge, patch.within())
    if rng.random() < 0.35:
        shift = aside * patch.radius * rng.uniform(0.1, 0.3)
        hanging = moved(soft(edge, 2), *shift) * (1 - soft(edge, 2))
        patch.paint(hanging, np.clip(moved(flap, *shift) * np.float32(rng.uniform(0.6, 1.3)), 0, 255))
    if rng.random() < 0.35:
        _threads(patch)


def _threads(patch: Patch) -> None:
    """Loose and frayed threads, each with its shadow."""
    rng = patch.rng
    near = patch.rgb[patch.rgb.shape[0] // 2, patch.rgb.shape[1] // 2]
    thread = near if rng.random() < 0.4 else patch.colour((225, 218, 205))
    canvas = np.zeros(patch.covered.shape, np.uint8)
    heading = rng.uniform(-np.pi, np.pi)
    for _ in range(int(rng.integers(3, 45))):
        start = rng.normal(0, patch.radius * 0.35, 2)
        turns = heading + rng.normal(0, 0.6) + np.cumsum(rng.normal(0, 0.25, 14))
        length = patch.radius * rng.uniform(0.2, 0.8) / 14
        path = start + np.cumsum(np.stack([np.cos(turns), np.sin(turns)], axis=1), axis=0) * length
        patch.ribbon(
            canvas,
            path.astype(np.float32),
            rng.uniform(0.6, 1.6) * patch.unit,
            int(rng.integers(120, 256)),
        )
    alpha = canvas.astype(np.float32) / np.float32(255)
    shadow = moved(alpha, -patch.light[0] * 2, -patch.light[1] * 2) * np.float32(0.5)
    patch.shade(-shadow, shadow)
    patch.paint(alpha, np.clip(thread * np.float32(rng.uniform(0.8, 1.3)), 0, 255))


def _pilling(patch: Patch) -> None:
    """Little balls of fluff, grit or blisters: bumps that are lit from one side."""
    rng = patch.rng
    bumps = patch.scatter(int(rng.integers(6, 90)), (0.01, rng.uniform(0.03, 0.12)), 0.45)
    size = max(1.0, patch.radius * 0.02)
    height = cv2.GaussianBlur(bumps, (0, 0), size) + np.float32(0.25) * patch.noise(size * 2, 2) * (bumps > 0)
    lit = patch.relief(height, rng.uniform(0.3, 0.8))
    patch.paint(smoothstep(0.1, 0.5, height) * np.float32(rng.uniform(0, 0.5)), patch.colour((190, 186, 180)))
    patch.shade(lit, np.minimum(np.abs(lit) * 3, 1))


def _beyond(patch: Patch) -> Floats:
    """Return what lies behind the goods: the photo's far corner, sharp or blurred."""
    (height, width), (tall, wide) = patch.covered.shape, patch.whole.shape[:2]
    top = 0 if patch.centre[1] > tall / 2 else tall - height
    left = 0 if patch.centre[0] > wide / 2 else wide - width
    corner = patch.whole[top : top + height, left : left + width]
    reach = int(patch.radius * patch.rng.uniform(0.1, 0.8)) * 2 + 1
    share = np.float32(patch.rng.choice([0, 0.3, 1, 1]))
    seen: Floats = share * corner + (1 - share) * cv2.blur(corner, (reach, reach))
    return seen


def _broken(patch: Patch) -> None:
    """Paint a corner or a bite broken off: the background shows, along a face of fresh fracture."""
    rng = patch.rng
    level = patch.level(rng.uniform(0.1, 0.7), rng.uniform(1, 1.6), jagged=bool(rng.random() < 0.6))
    if rng.random() < 0.5:
        turn = rng.uniform(-np.pi, np.pi)
        cut = patch.x * np.float32(np.cos(turn)) + patch.y * np.float32(np.sin(turn))
        level = np.minimum(
            level, cut + (patch.noise(patch.radius * 0.3) - 0.5) * np.float32(patch.radius * 0.4)
        )
    edge = patch.signed(level)
    thick = patch.radius * rng.uniform(0, 0.25)
    rough = np.float32(thick) * (patch.noise(patch.radius * 0.2) - np.float32(0.5))
    face = soft(moved(edge, patch.light[0] * thick, patch.light[1] * thick) + rough, 1.5)
    raw = [(225, 218, 205), (196, 160, 112), (60, 55, 52), (245, 240, 215)][int(rng.integers(4))]
    patch.paint(face, patch.colour(raw) * patch.grain())
    patch.paint(soft(edge, rng.choice([1.2, 2.5])), _beyond(patch))


def _chip(patch: Patch) -> None:
    """Paint a flake struck off glaze, glass or lacquer: a shell with ripples and a sharp outline."""
    rng = patch.rng
    edge = patch.outline(rng.uniform(0.2, 0.6), rng.uniform(1, 2.2), jagged=True)
    alpha = soft(edge, 1.3)
    body = patch.rgb * np.float32(0.8) if rng.random() < 0.25 else patch.colour((228, 222, 212))
    if rng.random() < 0.3:
        body = patch.colour((96, 78, 62))
    patch.paint(alpha * np.float32(rng.uniform(0.6, 1)), body * patch.grain())
    shell = np.sqrt(np.maximum(edge, 0)) * np.float32(-rng.uniform(0.5, 1.5))
    shell += np.sin(edge / np.float32(max(1.5, patch.radius * 0.08))) * np.float32(rng.uniform(0, 0.5))
    patch.shade(patch.relief(cv2.GaussianBlur(shell, (0, 0), 0.8), rng.uniform(0.1, 0.6)) * alpha, alpha)
    if rng.random() < 0.6:
        rim = np.exp(-(edge**2) / 2) * np.float32(rng.uniform(0.3, 0.9))
        patch.paint(rim, patch.colour((40, 34, 30) if rng.random() < 0.6 else (240, 240, 238)))


_FORMS: tuple[tuple[Callable[[Patch], None], float], ...] = (
    (_cracks, 5),
    (_impact, 2.5),
    (_crazing, 1.5),
    (_scratches, 4.5),
    (_scuff, 2),
    (_dent, 2.5),
    (_wrinkles, 2),
    (_hole, 3.5),
    (_tear, 3.5),
    (_threads, 1.5),
    (_pilling, 1),
    (_broken, 2.5),
    (_chip, 2.5),
    *SPOILAGE,
)


def _place(picture: Floats, rng: np.random.Generator) -> tuple[float, float]:
    """Pick a point (x, y): any, or one where something ends, as goods chip and fray at their rims."""
    height, width = picture.shape[:2]
    points = rng.random((10 if rng.random() < 0.4 else 1, 2)) * [width - 1, height - 1]
    spans = [picture[int(y) - int(y) % 8 :, int(x) - int(x) % 8 :][:8, :8].std() for x, y in points]
    x, y = points[int(np.argmax(spans))]
    return float(x), float(y)


def injured(picture: Floats, donor: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Paint damage into a photo: one to three places.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3), float32, 0..255
        The photo; it is not modified.
    donor : ndarray, shape (n, m, 3), float32, 0..255
        Another photo of any size, seen through holes; it is not modified.
    rng : numpy.random.Generator
        The only source of chance.

    Returns
    -------
    damaged : ndarray, shape (h, w, 3), float32, 0..255
    coverage : ndarray, shape (h, w), float32, 0..1
        How far a pixel belongs to the damage, however strong that is; above 0 wherever one changed.
    """
    damaged = picture.copy()
    coverage = np.zeros(picture.shape[:2], np.float32)
    weights = np.array([weight for _, weight in _FORMS])
    side = float(np.sqrt(coverage.size))
    for _ in range(int(rng.choice([1, 2, 3], p=[0.78, 0.15, 0.07]))):
        radius = max(3.0, side * 0.0075 * 40 ** (rng.random() ** 0.75))
        patch = Patch(damaged, donor, rng, _place(picture, rng), radius)
        _FORMS[int(rng.choice(len(_FORMS), p=weights / weights.sum()))][0](patch)
        opacity = np.float32(1 if rng.random() < 0.5 else rng.uniform(0.35, 1))
        fading = patch.fading()
        covered = np.clip(patch.covered, 0, 1) * fading
        covered[covered < 0.01] = 0
        before = damaged[patch.box]
        after = np.clip(before + (opacity * fading)[..., None] * (patch.rgb - before), 0, 255)
        damaged[patch.box] = np.where(covered[..., None] > 0, after, before)
        np.maximum(coverage[patch.box], covered, out=coverage[patch.box])
    return damaged, coverage
