"""Which pore of one photo is which of another: two constellations of points laid over each other, in millimetres.

Works on positions alone. A patch of the first constellation is looked for in the second over all shifts at once (by
correlation of maps of points) and a range of turns and scales; what fits best is grown outwards, first by one affine
map, then by one that may differ from place to place, as skin bends and a hand-held camera looks from elsewhere.
"""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.spatial import cKDTree

Points = NDArray[np.float64]
"""(n, 2), millimetres."""

MAP_STEP_MM = 0.2
BLUR_MM = 0.3
"""Of a point in the map: how far a neighbour may be off at the first try."""
PATCH_RADIUS_MM = 12.0
MOST_POINTS = 400
"""Of the patch that is looked for."""
TURN_DEG = 40.0
"""Photos are taken upright: more than this they don't differ."""
SCALE_SPAN = 0.12
"""How far the scales of two photos may contradict each other."""
FIRST_POINTS = 50
"""At the least in the patch from which it grows."""
GROWTH = 1.4
"""By how much the patch grows from one round to the next."""
REACHES_MM = (0.8, 0.6, 0.45, 0.35)
"""How far apart two points of a pair may lie, round by round, where a square millimetre has one point or fewer."""
FINAL_REACH_MM = 0.25
TRIES = 6
"""Places of the second constellation that are tried, those that look most like the patch first."""
LOCAL_MM = 4.0
"""Over what distance the map may differ."""
LEAST_PAIRS = 12
LEAST_SHARE = 0.2
"""Of the points that both photos could show."""


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """Pairs of points, and the map between the photos."""

    pairs: NDArray[np.intp]
    """(m, 2) indices: first constellation, second constellation."""
    affine: NDArray[np.float64]
    """(2, 3): first millimetres to second millimetres."""
    local_scale: NDArray[np.float64]
    """(m,): how many of the second's millimetres make one of the first's near each pair."""
    scale_se: float
    """Standard error of the scale of the whole, as a part of it."""
    expected_by_chance: float
    """Pairs that two unrelated constellations as dense as these would have given."""


def register(first: Points, second: Points, *, scale_span: float = SCALE_SPAN) -> Registration | None:
    """Pair the points of two constellations; None where they are not of the same skin.

    Args:
        first: (n, 2) positions in the first photo's millimetres.
        second: (m, 2) positions in the second photo's millimetres.
        scale_span: the most by which the two scales may differ, as a part of one.
    """
    if min(len(first), len(second)) < LEAST_PAIRS:
        return None
    centre, closeness = _densest(first), _closeness(second)
    begun = _coarse(first, second, centre, scale_span)
    tried = (_grown(first, second, centre, affine, closeness) for affine in begun)
    pairs, affine = max(tried, key=lambda each: len(each[0]))
    if len(pairs) < LEAST_PAIRS:
        return None
    pairs = _bent(first, second, pairs, affine, closeness)
    chance = _by_chance(first, second, affine, closeness)
    scale = _local_scale(first, second, pairs)
    found = Registration(pairs, affine, scale, _scale_se(first, second, pairs), chance)
    return found if _is_real(first, second, found) else None


def mapped(affine: NDArray[np.float64], points: Points) -> Points:
    """Points of the first photo in the second's millimetres."""
    return points @ affine[:, :2].T + affine[:, 2]


# --- the first try ----------------------------------------------------------------------------------------


def _densest(points: Points) -> NDArray[np.float64]:
    """The point with most others around it: a patch there has most to go by."""
    counts = cKDTree(points).query_ball_point(points, PATCH_RADIUS_MM / 2, return_length=True)
    near = points[counts >= np.quantile(counts, 0.9)]
    middle = np.median(points, axis=0)
    nearest: NDArray[np.float64] = near[np.argmin(np.linalg.norm(near - middle, axis=1))]
    return nearest


def _closeness(points: Points) -> float:
    """What reaches are multiplied by: 1 up to one point a square millimetre, less where they lie closer."""
    return min(1.0, math.sqrt(float(np.prod(_extent(points))) / len(points)))


def _extent(points: Points) -> NDArray[np.float64]:
    """Width and height of what the points span, at least a millimetre."""
    return np.asarray(np.maximum(points.max(axis=0) - points.min(axis=0), 1.0))


def _coarse(first: Points, second: Points, centre: NDArray[np.float64], span: float) -> list[NDArray[np.float64]]:
    """Turns, scales and shifts under which a patch of the first looks most like a place of the second; best first."""
    patch = _nearest(first, centre, PATCH_RADIUS_MM, MOST_POINTS) - centre
    radius = float(np.linalg.norm(patch, axis=1).max())
    origin = second.min(axis=0) - radius
    size = np.ceil((second.max(axis=0) - origin + radius) / MAP_STEP_MM).astype(int) + 1
    shape = (fft.next_fast_len(int(size[1]), real=True), fft.next_fast_len(int(size[0]), real=True))
    field = fft.rfft2(_map(second - origin, shape, blur=True), workers=2)
    step = 2 * BLUR_MM / max(radius, 1.0)
    tries: list[tuple[float, NDArray[np.float64]]] = []
    for turn, scale in product(_steps(np.radians(TURN_DEG), step), 1 + _steps(span, step)):
        turned = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        template = _map(patch @ turned.T, shape, blur=False)
        heights = fft.irfft2(field * np.conj(fft.rfft2(template, workers=2)), s=shape, workers=2)
        peak = int(np.argmax(heights))
        shift = origin + MAP_STEP_MM * np.array([peak % shape[1], peak // shape[1]])
        tries.append((float(heights.flat[peak]), np.column_stack([turned, shift - turned @ centre])))
    return [affine for _, affine in sorted(tries, key=lambda each: -each[0])[:TRIES]]


def _steps(span: float, step: float) -> NDArray[np.float64]:
    """Values from -span to span, with 0 among them."""
    return np.linspace(-span, span, 2 * int(np.ceil(span / step)) + 1)


def _nearest(points: Points, centre: NDArray[np.float64], radius: float, most: int) -> Points:
    gaps = np.linalg.norm(points - centre, axis=1)
    order = np.argsort(gaps)[:most]
    return np.asarray(points[order[gaps[order] <= radius]])


def _map(points: Points, shape: tuple[int, int], *, blur: bool) -> NDArray[np.float32]:
    """How many points lie where, on a ring-shaped grid (as correlation by FFT sees it), less their mean."""
    cells = np.rint(points / MAP_STEP_MM).astype(int)
    found = np.zeros(shape, np.float32)
    np.add.at(found, (cells[:, 1] % shape[0], cells[:, 0] % shape[1]), 1.0)
    if not blur:
        return found
    sigma = BLUR_MM / MAP_STEP_MM
    rows, columns = fft.fftfreq(shape[0])[:, None], fft.rfftfreq(shape[1])
    smooth = np.exp(-2 * (np.pi * sigma) ** 2 * (rows**2 + columns**2))
    # Less the density of the neighbourhood: otherwise a patch fits best wherever most points lie.
    wide = np.exp(-2 * (np.pi * 5 * sigma) ** 2 * (rows**2 + columns**2))
    return np.asarray(fft.irfft2(fft.rfft2(found) * (smooth - wide), s=shape), np.float32)


# --- growing ----------------------------------------------------------------------------------------------


def _grown(
    first: Points, second: Points, centre: NDArray[np.float64], affine: NDArray[np.float64], closeness: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Pairs and one affine map for all, from the patch outwards."""
    tree = cKDTree(second)
    away = np.linalg.norm(first - centre, axis=1)
    fewest = float(np.sort(away)[min(FIRST_POINTS, len(away)) - 1])
    radius, rounds = max(PATCH_RADIUS_MM / 2, fewest), 0
    pairs = np.empty((0, 2), np.intp)
    while rounds < len(REACHES_MM) or radius < GROWTH * away.max():
        reach = closeness * REACHES_MM[min(rounds, len(REACHES_MM) - 1)]
        pairs = _mutual(mapped(affine, first), tree, reach, np.flatnonzero(away <= radius))
        if len(pairs) < LEAST_PAIRS:
            return pairs, affine
        affine = _affine(first[pairs[:, 0]], second[pairs[:, 1]], reach)
        radius, rounds = radius * GROWTH, rounds + 1
    return pairs, affine


def _mutual(where: Points, tree: cKDTree, reach: float, among: NDArray[np.intp]) -> NDArray[np.intp]:
    """Pairs in which each is the other's nearest, no farther apart than ``reach``."""
    gaps, nearest = map(np.asarray, tree.query(where[among]))
    # From the other side all points count, so that the rim of the patch gains no false pairs.
    _, back = cKDTree(where).query(tree.data[nearest])
    keep = (gaps <= reach) & (back == among)
    return np.column_stack([among[keep], nearest[keep]])


def _affine(source: Points, target: Points, reach: float) -> NDArray[np.float64]:
    """The affine map from one to the other; pairs that fit badly count little (Tukey's biweight)."""
    design = np.column_stack([source, np.ones(len(source))])
    weights = np.ones(len(source))
    solution = np.zeros((3, 2))
    for _ in range(4):
        root = np.sqrt(weights)[:, None]
        solution = np.linalg.lstsq(root * design, root * target, rcond=None)[0]
        gaps = np.linalg.norm(design @ solution - target, axis=1)
        spread = max(3 * float(np.median(gaps)), 0.1 * reach)
        weights = np.clip(1 - (gaps / (2 * spread)) ** 2, 0, None) ** 2
    return solution.T


def _bent(
    first: Points, second: Points, pairs: NDArray[np.intp], affine: NDArray[np.float64], closeness: float
) -> NDArray[np.intp]:
    """Pairs once the map may bend: each point moves by what its neighbours' pairs are off."""
    tree = cKDTree(second)
    for reach in (REACHES_MM[-1], FINAL_REACH_MM, FINAL_REACH_MM):
        where = mapped(affine, first)
        off = second[pairs[:, 1]] - where[pairs[:, 0]]
        gaps, near = cKDTree(first[pairs[:, 0]]).query(first, k=min(12, len(pairs)))
        weights = np.exp(-0.5 * (gaps / LOCAL_MM) ** 2) + 1e-9
        # The median keeps out the wrong pairs among the neighbours; the weights are for places far from any.
        pull = np.median(off[near], axis=1) * np.clip(weights.max(axis=1), 0, 1)[:, None]
        pairs = _mutual(where + pull, tree, closeness * reach, np.arange(len(first)))
        if len(pairs) < LEAST_PAIRS:
            break
    return pairs


def _local_scale(first: Points, second: Points, pairs: NDArray[np.intp]) -> NDArray[np.float64]:
    """Root of the area that a piece of the first takes in the second, at each pair; smooth over the photo."""
    source, target = first[pairs[:, 0]], second[pairs[:, 1]]
    if len(pairs) < 4 * LEAST_PAIRS:
        flat = np.linalg.det(_affine(source, target, FINAL_REACH_MM)[:, :2])
        return np.full(len(pairs), np.sqrt(abs(flat)))
    # A map with second-order terms: perspective and the curve of a cheek, and no more, so that noise stays out.
    middle, spread = source.mean(axis=0), max(float(source.std()), 1e-6)
    x, y = ((source - middle) / spread).T
    design = np.column_stack([np.ones_like(x), x, y, x * x, x * y, y * y])
    terms = np.linalg.lstsq(design, target, rcond=None)[0]
    by_x = (terms[1] + 2 * x[:, None] * terms[3] + y[:, None] * terms[4]) / spread
    by_y = (terms[2] + x[:, None] * terms[4] + 2 * y[:, None] * terms[5]) / spread
    scale: NDArray[np.float64] = np.sqrt(np.abs(by_x[:, 0] * by_y[:, 1] - by_x[:, 1] * by_y[:, 0]))
    return scale


def _scale_se(first: Points, second: Points, pairs: NDArray[np.intp]) -> float:
    """From how far pairs lie off one affine map; neighbours lie off it together, so that twice as much is said."""
    source, target = first[pairs[:, 0]], second[pairs[:, 1]]
    affine = _affine(source, target, FINAL_REACH_MM)
    off = float(np.sqrt(((mapped(affine, source) - target) ** 2).mean()))
    spread = math.sqrt(float(((source - source.mean(axis=0)) ** 2).sum()))
    return 2 * off / max(spread, 1e-9)


# --- is it the same skin? ---------------------------------------------------------------------------------


def _shared(first: Points, second: Points, affine: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points of the first lie where the second has points at all."""
    where = mapped(affine, first)
    low, high = second.min(axis=0), second.max(axis=0)
    inside: NDArray[np.bool_] = np.all((where >= low) & (where <= high), axis=1)
    return inside


def _by_chance(first: Points, second: Points, affine: NDArray[np.float64], closeness: float) -> float:
    area = float(np.prod(_extent(second)))
    hit = 1 - np.exp(-len(second) / area * np.pi * (closeness * FINAL_REACH_MM) ** 2)
    return float(hit * np.count_nonzero(_shared(first, second, affine)))


def _is_real(first: Points, second: Points, found: Registration) -> bool:
    """Whether there are clearly more pairs than two unrelated skins would give."""
    count, chance = len(found.pairs), found.expected_by_chance
    share = count / max(int(np.count_nonzero(_shared(first, second, found.affine))), 1)
    return count >= LEAST_PAIRS and share >= LEAST_SHARE and count >= 1.5 * chance + 4 * math.sqrt(chance)
