"""The statistics of a comparison: the same pores at two visits, resampled by patches of skin. No pixels here.

Neighbouring pores share light, focus and bend of the skin, so that they err together; whole patches are drawn instead
of pores (block bootstrap). What a whole photo has in common, such as a misjudged focus, no patch can show: it is added
from how much photos of one visit contradict each other, together with what photos are known to (``*_PHOTO_SE``).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from pellucid.model.change import Direction, Effect
from pellucid.model.photo import Interval

Numbers = NDArray[np.float64]

BLOCK_MM = 2.5
DRAWS = 1000
SEED = 20_260_101
"""Of the draws, so that the same photos give the same interval."""
NORMAL_95 = 1.96
KNOWN_PHOTOS = 6.0
"""How many photos of a visit what is known of photos counts for."""
LEAST_BLOCKS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """One number a pore and photo, NaN where the photo doesn't show it."""

    before: Numbers
    """(photos, pores)."""
    after: Numbers
    """(photos, pores)."""
    blocks: NDArray[np.intp]
    """(pores,): which patch of skin each lies on."""


def blocks_of(points: Numbers) -> NDArray[np.intp]:
    """The patch on which each of (n, 2) points in millimetres lies, numbered from 0 without gaps."""
    cells = np.floor(points / BLOCK_MM).astype(np.int64)
    return np.unique(cells, axis=0, return_inverse=True)[1].reshape(-1).astype(np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Blur:
    """What a misjudged difference of blur does to sizes: much to small pores, little to large ones.

    A mouth of diameter d behind a blur of variance v looks about as wide as the root of d^2 + c v, so that an error of
    the variance moves the log of its size by an amount that goes with 1 / d^2. A true change moves all alike. That
    tells the two apart; where the sizes don't, the error counts as known to ``se``.
    """

    bends: Numbers
    """(pores,) how far each pore's log moves for one unit of the error."""
    se: float
    """Standard error of that error, before these pores are looked at."""


def change_of_logs(visits: Visits, weights: Numbers, *, blur: Blur, photo_se: float) -> Effect | None:
    """The change of a mean of logs over pores that both visits show; None with too little skin to say.

    Args:
        visits: logs of what was measured.
        weights: (pores,), about 1.
        blur: what the photos' blur may do to them.
        photo_se: standard error that all of one photo share besides, as log.
    """
    before, after = _mean_of_photos(visits.before), _mean_of_photos(visits.after)
    seen = np.isfinite(before) & np.isfinite(after) & (weights > 0)
    count = int(visits.blocks.max(initial=-1)) + 1
    gain, bend = np.where(seen, after - before, 0.0), np.where(seen, blur.bends, 0.0)
    counted = np.where(seen, weights, 0.0)
    terms = (counted, counted * bend, counted * bend**2, counted * gain, counted * gain * bend)
    sums = np.stack([np.bincount(visits.blocks, term, count) for term in terms], axis=1).astype(float)
    sums = sums[sums[:, 0] > 0]
    if len(sums) < LEAST_BLOCKS:
        return None
    estimate, spread = _level_by_blocks(sums, _strength(blur))
    shared = _photo_variance((visits.before, visits.after), photo_se)
    return _effect(estimate, math.hypot(spread, math.sqrt(shared)), blocks=len(sums))


PORE_NOISE = 0.15
"""Standard deviation of one pore's change, as log; weighs what its size says against what is known of the blur."""


def _strength(blur: Blur) -> tuple[float, float]:
    """What is known of the error of the blur: in units of one pore's weight, and its standard error."""
    return ((PORE_NOISE / blur.se) ** 2 if blur.se > 0 else math.inf), blur.se


def _level_by_blocks(sums: Numbers, known: tuple[float, float]) -> tuple[float, float]:
    """The change that large and small pores share, and its standard error by drawing blocks with replacement.

    Args:
        sums: (blocks, 5) of weight, weight x bend, weight x bend^2, weight x gain, weight x gain x bend.
        known: see ``_strength``.
    """
    level, kept = _level(sums.sum(axis=0), known[0])
    drawn = np.array([_level(row, known[0])[0] for row in _draws(len(sums)) @ sums])
    middle = sums[:, 1].sum() / sums[:, 0].sum()
    left_over = (1 - kept) * middle * known[1] if math.isfinite(known[0]) else 0.0
    return level, math.hypot(_small_sample(len(sums)) * float(drawn.std()), left_over)


def _level(sums: Numbers, strength: float) -> tuple[float, float]:
    """The change without the blur's part, and how much of that part the pores tell themselves (0 to 1)."""
    weight, bend, squares, gain, product = sums.tolist()
    spread = squares - bend**2 / weight
    if not math.isfinite(strength) or spread <= 0:
        return gain / weight, 0.0
    kept = spread / (spread + strength)
    return (gain - kept * (product - bend * gain / weight) / spread * bend) / weight, kept


def change_of_counts(before: Numbers, after: Numbers, *, photo_se: float) -> Effect | None:
    """The change of a number of pores; None with too little skin to say.

    Args:
        before: (photos, blocks) how many pores each photo shows on each patch of skin.
        after: as before.
        photo_se: standard error that all of one photo share, as log.
    """
    first, last = before.mean(axis=0), after.mean(axis=0)
    kept = first + last > 0
    first, last = first[kept], last[kept]
    if len(first) < LEAST_BLOCKS or min(first.sum(), last.sum()) <= 0:
        return None
    drawn = _draws(len(first))
    ratios = np.log(np.maximum(drawn @ last, 0.5) / np.maximum(drawn @ first, 0.5))
    estimate = math.log(last.sum() / first.sum())
    with np.errstate(divide="ignore"):
        totals = [np.log(side.sum(axis=1, keepdims=True)) for side in (before, after)]
    shared = math.sqrt(_photo_variance(totals, photo_se))
    return _effect(estimate, math.hypot(_small_sample(len(first)) * float(ratios.std()), shared), blocks=len(first))


def _mean_of_photos(values: Numbers) -> Numbers:
    """Over the photos that show a pore; NaN where none does. Photos that read large are levelled first."""
    level = values - _photo_levels(values)[:, None]
    there = np.isfinite(level)
    total = np.where(there, level, 0.0).sum(axis=0)
    return np.where(there.any(axis=0), total / np.maximum(there.sum(axis=0), 1), np.nan)


def _photo_levels(values: Numbers) -> Numbers:
    """How much larger each photo of a visit reads than its photos on the whole, on the pores that all of them show."""
    shared = np.isfinite(values).all(axis=0)
    if len(values) == 1 or not shared.any():
        return np.zeros(len(values))
    level = values[:, shared].mean(axis=1)
    return np.asarray(level - level.mean())


def _photo_variance(visits: Sequence[Numbers], known_se: float) -> float:
    """Variance of the change that comes from errors which a whole photo shares."""
    freedom, squares = KNOWN_PHOTOS, KNOWN_PHOTOS * known_se**2
    for values in visits:
        if np.isfinite(values).all(axis=0).any():
            levels = _photo_levels(values)
            freedom += len(levels) - 1
            squares += float((levels**2).sum())
    return squares / freedom * sum(1 / len(values) for values in visits)


def _draws(blocks: int) -> Numbers:
    """(draws, blocks): how often each block comes up in each draw."""
    return np.random.default_rng(SEED).multinomial(blocks, np.full(blocks, 1 / blocks), size=DRAWS).astype(float)


def _small_sample(blocks: int) -> float:
    """The bootstrap's spread is too small by this with few blocks."""
    return math.sqrt(blocks / max(blocks - 1, 1))


def _effect(log_change: float, se: float, *, blocks: int) -> Effect:
    """A change of logs as a part of what was there before; few blocks tell their own spread badly (Student's t)."""
    reach = float(stdtrit(blocks - 1, 0.975)) * se
    low, high = math.expm1(log_change - reach), math.expm1(log_change + reach)
    direction: Direction = "less" if high < 0 else "more" if low > 0 else "no_detectable_change"
    return Effect(Interval(math.expm1(log_change), low, high), math.expm1(reach), direction)
