"""How blurred and how noisy a photo is: of the edges of a card, or of the skin itself."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import ndtr

from pellucid.vision.card_find import CardFound
from pellucid.vision.card_layout import MARKS
from pellucid.vision.card_marks import Points, projected
from pellucid.vision.light import SRGB_OFFSET, SRGB_POWER
from pellucid.vision.photo import Mask, Plane
from pellucid.vision.threads import each

LEAST_EDGES: Final = 4
EDGE_REACH_MM: Final = 0.8
"""To both sides of a mark's edge; the black is one seventh of a mark wide, and the paper beside it wider."""
BINS_PX: Final = 4
"""Bins a pixel across an edge."""
LEAST_BINS: Final = 16
LEAST_STEP: Final = 0.4
"""Of the brighter side: less contrast is no mark in plain sight."""
WORST_MISFIT: Final = 0.08
"""Of the step: beyond it, it isn't one straight clean edge."""
INK_SPREAD_MM: Final = 0.02
"""Blur of a home printer's edge."""
SHARPEST_PX: Final = 0.4
"""No photo is sharper: a pixel alone has 0.29."""

BLURRIEST_PX: Final = 8.0
BLURRIEST_MM: Final = 0.3
"""What is told at most, the wider of both, and where the photo can't tell its blur; no pore outlives it."""
USUAL_PX_PER_MM: Final = 16.0
TILES_PX: Final = (384, 192, 96, 48)
"""Sides of the squares that are looked at; smaller ones only where no larger one is all skin."""
TILES: Final = 8
"""Squares at most."""
SPECTRUM_PX: Final = 128
RINGS: Final = (0.06, 0.10, 0.14, 0.18, 0.22, 0.27)
"""Cycles a pixel, of rings of the power spectrum."""
ENLARGED: Final = (-2.35, -2.75)
"""Log10 of the power in the fourth and fifth ring over that in the first: rendered photos, however soft, keep more;
real faces enlarged three times and more keep less."""
FALLEN: Final = -1.2
"""Where power falls through this lies the old limit, within a quarter."""
SKIN_TILE: Final = 0.97
ALL_SKIN: Final = 0.999
AWAY_PX: Final = 24
"""From whatever is no skin, where there is skin so far from it: a blurred edge is still sharper than blurred skin."""
BANDS_PX: Final = (0.6, 0.85, 1.2, 1.7, 2.4, 3.4, 4.8)
"""Standard deviations of the Gaussians whose differences are the bands, three octaves in half octaves."""
STRUCTURE_BAND: Final = 5
"""Between 2.4 and 3.4 px: coarse enough to have outlived the blur, fine enough to be of pores, furrows and hair."""
STRUCTURE_PERCENTILE: Final = 99.0
OFFSET: Final = -2.303
SLOPES: Final = np.array([-1.895, 0.959, 1.731, 1.26, -0.385, -0.05])
SLOPE_OF_SCALE: Final = 0.194
"""Least squares (ridge) of log sigma over 320 rendered photos of 9 to 60 px/mm and blurs of 0.5 to 6 px, with and
without a phone's smoothing, sharpening and JPEG; after sharpening, the width of an edge counted as the truth."""
NOISE_FALL: Final = (-0.6, 0.3)
"""In the finest and third step: below both there is nothing but noise, and blur is told from a smaller copy."""
MOST_HALVED: Final = 4
LEAST_COPY_PX: Final = 24
"""Side of the smallest copy of a square that is still looked at."""
NOISE_GAINS: Final = np.array([0.604, 0.229, 0.136, 0.0962, 0.0674, 0.0481, 0.0332])
"""Standard deviation of each band of white noise of 1."""
STEP_GAIN: Final = 0.08
"""Strength of each band at a single step of 1: where a smooth shade is stored in whole numbers, it becomes steps."""
STEP_OF_WHITE: Final = SRGB_POWER / ((1 + SRGB_OFFSET) * 255)
"""Step of log light from one stored number of 8 bits to the next at full light (the sRGB curve's derivative); darker
light has wider ones."""
REAL: Final = 3.0
"""Times what noise and steps make of a band, from which it shows skin."""
COMMON: Final = 2.6
"""Times what a band has anywhere, from which it is of structures, not of a camera's noise smoothed and packed."""
MEDIAN_OF_NORMAL: Final = 0.6745
"""Median of what a normal spread of 1 has, without sign."""
FINEST_REAL: Final = 2
COARSEST_REAL: Final = 4
"""Bands that are asked, beside the next coarser one. The finer ones are of noise and sharpening; coarser ones stand
in a smaller copy."""
STEEPEST_FALL: Final = 0.64
"""Of the log of 2 that a wide blur takes from a band twice as fine in area."""
CLEARLY_BLURRED: Final = 0.52
"""Fall in the finest band from which skin alone, also smoothed by a phone, isn't so smooth."""
SMOOTH_SKIN: Final = 1.3
"""Skin has fewer fine structures than an edge has, but by blur its coarse ones too look finer than they are: fitted to
rendered photos blurred by 3 to 14 px."""
SAMPLED: Final = 200_000
"""Pixels that the noise is told from."""
STRIPS: Final = 8
"""Spread over the height of the photo."""
_CROSS: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
"""Takes off what is smooth in any direction (Immerkaer 1996, Fast Noise Variance Estimation)."""
_CROSS_GAIN: Final = 6.0
"""What it multiplies the standard deviation of white noise by: root of the sum of its squares."""


def psf_of_card(absorbance: Plane, card: CardFound) -> float | None:
    """Blur by the edges of the card's black marks, which are sharp on paper: a slanted-edge measurement.

    Every pixel near an edge is put at its distance from it, and an error function is fitted to the levels.

    Args:
        absorbance: of the whole photo, (height, width).
        card: found in it.

    Returns:
        standard deviation of a Gaussian in pixels, that of the pixel itself included; None with too few clear edges.
    """
    found = []
    for mark in MARKS:
        corners = projected(card.mm_to_px, mark.box.corners() * card.print_size)
        for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            edge = _edge_blur(absorbance, start, end, card.px_per_mm)
            if edge is not None:
                found.append(edge)
    if len(found) < LEAST_EDGES:
        return None
    ink = INK_SPREAD_MM * card.px_per_mm
    return math.sqrt(max(float(np.median(found)) ** 2 - ink**2, SHARPEST_PX**2))


def _edge_blur(absorbance: Plane, start: Points, end: Points, px_per_mm: float) -> float | None:
    """Blur across the straight edge between two points; None where there is no clear edge."""
    reach = EDGE_REACH_MM * px_per_mm
    low = np.floor(np.minimum(start, end) - reach).astype(int)
    high = np.ceil(np.maximum(start, end) + reach).astype(int) + 1
    height, width = absorbance.shape
    if low.min() < 0 or high[0] > width or high[1] > height:
        return None
    y, x = np.mgrid[low[1] : high[1], low[0] : high[0]]
    along = (end - start) / np.linalg.norm(end - start)
    run = (x - start[0]) * along[0] + (y - start[1]) * along[1]
    off = (y - start[1]) * along[0] - (x - start[0]) * along[1]
    length = float(np.linalg.norm(end - start))
    near = (np.abs(off) < reach) & (run > 0.15 * length) & (run < 0.85 * length)
    light = np.exp(-absorbance[low[1] : high[1], low[0] : high[0]][near].astype(float))
    return _step_blur(off[near], light)


def _step_blur(off: NDArray[np.float64], light: NDArray[np.float64]) -> float | None:
    """Standard deviation of the error function that fits light against distance from an edge."""
    bins = np.round(off * BINS_PX).astype(int)
    bins -= bins.min()
    counts = np.bincount(bins)
    full = counts > 0
    if full.sum() < LEAST_BINS:
        return None
    at = np.bincount(bins, off)[full] / counts[full]
    levels = np.bincount(bins, light)[full] / counts[full]
    ends = float(np.mean(levels[:4])), float(np.mean(levels[-4:]))
    if abs(ends[1] - ends[0]) < LEAST_STEP * max(ends):
        return None

    def residuals(guess: NDArray[np.float64]) -> NDArray[np.float64]:
        first, last, place, log_sigma = guess
        return np.asarray(first + (last - first) * ndtr((at - place) / np.exp(log_sigma)) - levels)

    fitted = least_squares(residuals, [*ends, 0.0, 0.0], x_scale=[max(ends), max(ends), 1.0, 0.5])
    misfit = float(np.sqrt(np.mean(fitted.fun**2))) / abs(ends[1] - ends[0])
    return float(np.exp(fitted.x[3])) if misfit < WORST_MISFIT else None


def blurriest(px_per_mm: float) -> float:
    """Standard deviation, in pixels, at which looking for a skin's blur ends: told so, it isn't known."""
    return BLURRIEST_PX if math.isnan(px_per_mm) else max(BLURRIEST_PX, BLURRIEST_MM * px_per_mm)


def psf_of_skin(absorbance: Plane, skin: Mask, px_per_mm: float, noise: float) -> float:
    """Blur, told from the skin: how fast its strongest structures fade from coarse bands of frequency to fine ones.

    Skin has no edge that is known to be sharp, so this is an estimate: on rendered skin it errs by a quarter (one
    standard deviation), and draws towards the usual. See ``SLOPES``. It is never below what the finest band allows
    that shows more than noise and the steps of stored numbers.

    Args:
        absorbance: (height, width).
        skin: where to look.
        px_per_mm: NaN where it isn't known.
        noise: standard deviation of a pixel of ``absorbance``.

    Returns:
        standard deviation of a Gaussian in pixels; ``blurriest`` where nothing tells.
    """
    known = not math.isnan(px_per_mm)
    most = blurriest(px_per_mm)
    inner = cv2.erode(skin.astype(np.uint8), np.ones((2 * AWAY_PX + 1, 2 * AWAY_PX + 1), np.uint8)) > 0
    masks = ((inner, ALL_SKIN), (skin, SKIN_TILE))
    choices = (_tiles(absorbance, mask, side, share) for mask, share in masks for side in TILES_PX)
    parts = next(filter(None, choices), [])
    copies = _Copies(parts, noise)
    least = _least_blur(copies) if parts else None
    if least is None:
        return most
    fall, halved = copies.fall(1), 1
    while halved < MOST_HALVED and fall[0] < NOISE_FALL[0] and fall[2] < NOISE_FALL[1]:
        halved *= 2
        fall = copies.fall(halved)
    scale = (px_per_mm if known else USUAL_PX_PER_MM) / halved
    told = halved * math.exp(OFFSET + float(fall @ SLOPES) + SLOPE_OF_SCALE * math.log(scale))
    return float(np.clip(max(told, least), SHARPEST_PX, most))


class _Copies:
    """What the bands of some squares of a photo tell, at full size and in smaller copies."""

    def __init__(self, parts: Sequence[Plane], noise: float) -> None:
        self._parts = parts
        self._noise = noise
        self._seen: dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}

    def least_side(self, halved: int) -> int:
        """Of the copies that are so many times smaller, in pixels."""
        return len(self._parts[0]) // halved

    def fall(self, halved: int) -> NDArray[np.float64]:
        """Log of the ratio of each band's strength to the next finer one's, where skin is most structured; (6,)."""
        return self._look(halved)[0]

    def strength_and_floor(self, halved: int) -> NDArray[np.float64]:
        """Of each band there, and what noise and 8-bit steps make of it; (2, 7), infinite where it isn't asked."""
        return self._look(halved)[1]

    def _look(self, halved: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The medians over all squares."""
        if halved not in self._seen:
            told = each(lambda part: self._of_part(part, halved), self._parts)
            falls, others = zip(*told, strict=True)
            self._seen[halved] = np.median(falls, axis=0), np.exp(np.median(others, axis=0))
        return self._seen[halved]

    def _of_part(self, part: Plane, halved: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        copy = part if halved == 1 else _smaller(part, halved)
        bands = _bands(copy)
        return _fall(bands), _strength_and_floor(copy, bands, self._noise / halved)


def _least_blur(copies: _Copies) -> float | None:
    """Blur that the finest band with real texture allows, in pixels; None where no band has any.

    The strength of an edge in a band at s, after a blur of sigma, is as s² / (sigma² + s²); the fall from the band at
    the root of 2 times s tells sigma.
    """
    halved = 1
    while copies.least_side(halved) >= LEAST_COPY_PX and halved <= 2 * MOST_HALVED:
        strength, floor = copies.strength_and_floor(halved)
        real = strength > REAL * floor
        for band in range(FINEST_REAL, COARSEST_REAL + 1):
            if real[band] and real[band + 1]:
                fall = math.log(strength[band + 1] / strength[band])
                return halved * _edge_fallen(fall, band, finest=halved == 1 and band == FINEST_REAL)
        halved *= 2
    return None


def _edge_fallen(fall: float, band: int, *, finest: bool) -> float:
    """Blur of edges whose log of strength falls so from the next coarser band to this one, in its own pixels."""
    if finest and fall < CLEARLY_BLURRED:
        return 0.0
    times = math.exp(min(max(fall, 0.0), STEEPEST_FALL))
    sigma = BANDS_PX[band - 1] * math.sqrt(2 * (times - 1) / (2 - times))
    return sigma if finest else SMOOTH_SKIN * sigma


def _strength_and_floor(absorbance: Plane, bands: Sequence[Plane], noise: float) -> NDArray[np.float64]:
    """Logs of each band's strength where skin is most structured, and of what noise and 8-bit steps make there.

    What a band has anywhere is counted for the bands that ``_least_blur`` asks about; the others' floor is infinite.
    """
    step = STEP_OF_WHITE * np.exp(absorbance / SRGB_POWER)
    there = _most(np.abs(bands[STRUCTURE_BAND]) / step)
    floor = np.hypot(STEP_GAIN * float(np.percentile(step[there], 75)), noise * NOISE_GAINS)
    common = np.full(len(bands), np.inf)
    for place in range(FINEST_REAL, COARSEST_REAL + 2):
        common[place] = _median(np.abs(bands[place])) / MEDIAN_OF_NORMAL
    return np.log([_strengths(bands, there), np.maximum(floor, common * COMMON / REAL)])


def _strengths(bands: Sequence[Plane], there: Mask) -> NDArray[np.float64]:
    return np.array([math.sqrt(float((band[there] ** 2).mean())) + 1e-6 for band in bands])


def _most(size: Plane) -> Mask:
    """Where skin is most structured."""
    count = math.ceil(STRUCTURE_PERCENTILE / 100 * (size.size - 1))
    return np.asarray(size >= np.partition(size.ravel(), count)[count])


def _median(plane: Plane) -> float:
    """As NumPy's, by one partition instead of three."""
    half = plane.size // 2
    parted = np.partition(plane.ravel(), half)
    low = parted[half] if plane.size % 2 else parted[:half].max()
    return (float(low) + float(parted[half])) / 2


def _smaller(plane: Plane, times: int) -> Plane:
    return np.asarray(cv2.resize(plane, None, fx=1 / times, fy=1 / times, interpolation=cv2.INTER_AREA), np.float32)


def finest_period_px(absorbance: Plane, skin: Mask) -> float:
    """Length of the finest wave that the photo can hold: 2 pixels, and more where it was enlarged after it was taken.

    No lens blurs so steeply as enlarging does: past the old limit there is nothing, not even noise. Enlarging to less
    than about 2.5 times can't be told from a soft photo.

    Args:
        absorbance: (height, width).
        skin: where to look.
    """
    parts = _tiles(absorbance, skin, SPECTRUM_PX, SKIN_TILE)
    if not parts:
        return 2.0
    window = np.outer(np.hanning(SPECTRUM_PX), np.hanning(SPECTRUM_PX)).astype(np.float32)
    power = np.mean([np.abs(np.fft.rfft2((part - part.mean()) * window)) ** 2 for part in parts], axis=0)
    frequency = np.hypot(np.fft.fftfreq(SPECTRUM_PX)[:, None], np.fft.rfftfreq(SPECTRUM_PX)[None])
    rings = [power[(frequency >= low) & (frequency < high)] for low, high in pairwise(RINGS)]
    fall = np.log10([float(np.median(ring)) + 1e-12 for ring in rings])
    fall -= fall[0]
    if fall[3] > ENLARGED[0] and fall[4] > ENLARGED[1]:
        return 2.0
    middles = np.array([(low + high) / 2 for low, high in pairwise(RINGS)])
    return max(2.0, 1 / float(np.interp(-FALLEN, -fall[:5], middles[:5])))


def _tiles(absorbance: Plane, skin: Mask, side: int, least: float) -> list[Plane]:
    """Squares of the photo of which more than ``least`` is skin, spread over it."""
    height, width = absorbance.shape
    if side > min(height, width):
        return []
    corners = [
        (top, left)
        for top in np.unique(np.linspace(0, height - side, max(2, round(height / side))).astype(int)).tolist()
        for left in np.unique(np.linspace(0, width - side, max(2, round(width / side))).astype(int)).tolist()
    ]
    shares = [float(skin[top : top + side : 4, left : left + side : 4].mean()) for top, left in corners]
    full = [corner for corner, share in zip(corners, shares, strict=True) if share > least]
    step = max(1, len(full) // TILES)
    return [absorbance[top : top + side, left : left + side] for top, left in full[::step][:TILES]]


def _fall(bands: Sequence[Plane]) -> NDArray[np.float64]:
    return np.diff(np.log(_strengths(bands, _most(np.abs(bands[STRUCTURE_BAND])))))


def _bands(absorbance: Plane) -> list[Plane]:
    blurred = [absorbance, *(cv2.GaussianBlur(absorbance, (0, 0), sigma) for sigma in BANDS_PX)]
    return [np.asarray(finer - coarser, np.float32) for finer, coarser in pairwise(blurred)]


def noise_of(absorbance: Plane, skin: Mask) -> float:
    """Standard deviation of a pixel, from what the neighbours don't foretell.

    The median decides, so edges and hair don't count. JPEG and a phone's smoothing take the finest noise away; then
    this is too low for the coarser noise that they leave.

    Args:
        absorbance: (height, width).
        skin: where to look; everywhere where there is none.
    """
    height, width = absorbance.shape
    rows = max(SAMPLED // (width * STRIPS), 8)
    tops = np.unique(np.linspace(0, max(height - rows, 0), STRIPS).astype(int)).tolist()
    fine = np.concatenate([_unforeseen(absorbance[top : top + rows], skin[top : top + rows]) for top in tops])
    if not fine.size:
        fine = np.concatenate([_unforeseen(absorbance[top : top + rows], None) for top in tops])
    return 1.4826 * _median(np.abs(fine)) / _CROSS_GAIN if fine.size else 0.0


def _unforeseen(absorbance: Plane, skin: Mask | None) -> NDArray[np.float32]:
    fine = cv2.filter2D(absorbance, cv2.CV_32F, _CROSS)[1:-1, 1:-1]
    return np.asarray(fine.ravel() if skin is None else fine[skin[1:-1, 1:-1]], np.float32)
