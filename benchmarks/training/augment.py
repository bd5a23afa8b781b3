"""Crops of the training set, varied, with what the network should answer to them. NumPy and OpenCV only."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.truth import VISIBLE_CONTRAST, VISIBLE_MM, VISIBLE_PX, VISIBLE_SNR
from pellucid.vision.network import CELL, network_input

Plane = NDArray[np.float32]
Floats = NDArray[np.float64]

SIDE = 192
"""Of a crop, in raster pixels."""
ZOOMED, LAID_OVER, BLANK, BLURRED, NOISIER, COLOURLESS = 0.3, 0.15, 0.03, 0.2, 0.3, 0.1
"""Shares of crops that are varied like this: often enough to be learnt, seldom enough that plain ones prevail."""
EDGE = 0.2
"""Below this part of a target's height a visible pore ends."""
X, Y, DIAMETER, DIAMETER_MM, PHOTO_PX_PER_MM, CONTRAST, SNR, PALE = range(8)
"""Columns of a sample's pores."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One photo of the set, as ``make_set`` wrote it."""

    planes: NDArray[np.float16]
    skin: NDArray[np.bool_]
    pores: Plane
    px_per_mm: float
    noise: float
    phototype: int
    guided: bool
    bare: bool
    family: str
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """One input of the network and what is wanted of it; targets in cells."""

    contrast: Plane
    """(2, SIDE, SIDE)."""
    centre: Plane
    """1 in the middle of a visible pore, falling off around it."""
    weight: Plane
    """0 where nothing is known: no skin, or a pore that no one could see."""
    log_diameter: Plane


def load(path: Path) -> Sample:
    """Read one file."""
    with np.load(path) as held:
        return Sample(
            planes=held["planes"],
            skin=held["skin"],
            pores=held["pores"],
            px_per_mm=float(held["px_per_mm"]),
            noise=float(held["noise"]),
            phototype=int(held["phototype"]),
            guided=bool(held["guided"]),
            bare=bool(held["bare"]),
            family=str(held["family"]),
            seed=int(held["seed"]),
        )


def visible(pores: Plane) -> NDArray[np.bool_]:
    """As ``TruePore.visible``, of rows."""
    return np.asarray(
        (pores[:, DIAMETER_MM] >= VISIBLE_MM)
        & (pores[:, DIAMETER_MM] * pores[:, PHOTO_PX_PER_MM] >= VISIBLE_PX)
        & (pores[:, CONTRAST] >= VISIBLE_CONTRAST)
        & (pores[:, SNR] >= VISIBLE_SNR)
    )


def crop(sample: Sample, other: Sample, rng: np.random.Generator) -> Crop:
    """Cut a varied square out of a sample.

    Args:
        sample: what is learnt from.
        other: a pore-free one, whose texture is sometimes laid over it.
        rng: where the variation comes from.
    """
    zoom = float(np.exp(rng.uniform(-0.25, 0.25))) if rng.random() < ZOOMED else 1.0
    planes, skin, pores = _square(sample, zoom, rng)
    if rng.random() < LAID_OVER:
        planes += _square(other, 1.0, rng)[0] * np.float32(rng.uniform(0.3, 1))
    planes, pores = _toned(planes, pores, sample.noise, rng)
    planes[:, ~skin] = 0
    turns, mirrored = int(rng.integers(4)), bool(rng.random() < 1 / 2)
    targets = _targets(pores, skin)
    turned = [_turned(part, turns, mirrored=mirrored) for part in (network_input(planes[0], planes[1]), *targets)]
    return Crop(*turned)


def _turned(part: Plane, turns: int, *, mirrored: bool) -> Plane:
    part = np.rot90(part, turns, axes=(-2, -1))
    return np.ascontiguousarray(part[..., ::-1] if mirrored else part)


def _square(sample: Sample, zoom: float, rng: np.random.Generator) -> tuple[Plane, NDArray[np.bool_], Plane]:
    """A square of the sample, zoomed; what reaches beyond it is no skin."""
    height, width = sample.skin.shape
    side = round(SIDE / zoom)
    top, left = (int(rng.integers(min(0, length - side), max(0, length - side) + 1)) for length in (height, width))
    planes = np.zeros((2, side, side), np.float32)
    skin = np.zeros((side, side), bool)
    rows, columns = slice(max(top, 0), min(top + side, height)), slice(max(left, 0), min(left + side, width))
    here = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
    planes[:, here[0], here[1]] = sample.planes[:, rows, columns]
    skin[here] = sample.skin[rows, columns]
    pores = sample.pores.copy()
    pores[:, X] = (pores[:, X] - left + 0.5) * SIDE / side - 0.5
    pores[:, Y] = (pores[:, Y] - top + 0.5) * SIDE / side - 0.5
    pores[:, DIAMETER] *= SIDE / side
    reach = pores[:, DIAMETER]
    near = (np.abs(pores[:, [X, Y]] - SIDE / 2) < SIDE / 2 + reach[:, np.newaxis]).all(axis=1)
    if side != SIDE:
        way = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
        planes = np.stack([cv2.resize(plane, (SIDE, SIDE), interpolation=way) for plane in planes])
        skin = cv2.resize(skin.astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST) > 0
    return planes, skin, pores[near]


def _toned(planes: Plane, pores: Plane, noise: float, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """Another tone, blur, noise, colour and hole; what that does to contrast and SNR goes into the pores' rows."""
    if rng.random() < BLANK:
        planes, pores = planes * np.float32(0), pores[:0]
    gain = float(np.exp(rng.uniform(-0.3, 0.3)))
    planes *= np.array([gain, np.exp(rng.uniform(-0.5, 0.5))], np.float32)[:, np.newaxis, np.newaxis]
    pores[:, CONTRAST] *= gain
    if rng.random() < BLURRED:
        sigma = rng.uniform(0.3, 1.2)
        planes = np.stack([cv2.GaussianBlur(plane, (0, 0), sigma) for plane in planes])
        own = (pores[:, DIAMETER] / 2.83) ** 2 + 1
        pores[:, CONTRAST] *= own / (own + sigma**2)
    if rng.random() < NOISIER:
        more = float(np.exp(rng.uniform(np.log(0.002), np.log(0.1))))
        rough = rng.standard_normal(planes.shape).astype(np.float32)
        if rng.random() < 1 / 2:
            sigma = rng.uniform(0.4, 1.0)
            rough = np.stack([cv2.GaussianBlur(plane, (0, 0), sigma) for plane in rough])
            rough /= rough.std()
        planes += rough * np.float32(more) * np.array([1, rng.uniform(0.7, 2)], np.float32)[:, np.newaxis, np.newaxis]
        pores[:, SNR] *= noise / np.hypot(noise, more)
    if rng.random() < COLOURLESS:
        planes[1] = 0
    return planes, pores


def _targets(pores: Plane, skin: NDArray[np.bool_]) -> tuple[Plane, Plane, Plane]:
    """What the network should answer: centre, weight, log diameter."""
    cells = SIDE // CELL
    weight: Plane = np.asarray(skin.reshape(cells, CELL, cells, CELL).any(axis=(1, 3)), np.float32)
    seen, size = visible(pores), pores[:, DIAMETER] / CELL
    spread = np.clip(0.22 * size, 0.8, 3.0)
    ignored = np.zeros((cells, cells), np.float32)
    _spread_out(ignored, pores[~seen], np.maximum(0.6 * size, 1.5)[~seen], lambda away, reach: away < reach)
    centre = np.zeros((cells, cells), np.float32)
    _spread_out(centre, pores[seen], 3 * spread[seen], lambda away, reach: np.exp(-4.5 * (away / reach) ** 2))
    weight[(ignored > 0) & (centre < EDGE)] = 0
    log_diameter = np.full((cells, cells), -np.inf, np.float32)
    sizes = np.log(pores[seen, DIAMETER])[:, np.newaxis, np.newaxis]
    _spread_out(
        log_diameter, pores[seen], spread[seen] * 1.2, lambda away, reach: np.where(away < reach, sizes, -np.inf)
    )
    return centre, weight, np.where(np.isfinite(log_diameter), log_diameter, np.float32(0)).astype(np.float32)


def _spread_out(onto: Plane, pores: Plane, reach: NDArray[Any], drawn: Callable[[Plane, Plane], NDArray[Any]]) -> None:
    """Draw something around each pore; the highest wins where they meet."""
    if not len(pores):
        return
    window = np.arange(-int(np.ceil(reach.max())), int(np.ceil(reach.max())) + 1)
    x, y = ((pores[:, axis] + 0.5) / CELL - 0.5 for axis in (X, Y))
    columns = np.rint(x).astype(int)[:, np.newaxis] + window
    rows = np.rint(y).astype(int)[:, np.newaxis] + window
    away = np.hypot((columns - x[:, np.newaxis])[:, np.newaxis], (rows - y[:, np.newaxis])[:, :, np.newaxis])
    value = drawn(away.astype(np.float32), reach[:, np.newaxis, np.newaxis]).astype(np.float32)
    inside = ((rows >= 0) & (rows < len(onto)))[:, :, np.newaxis] & ((columns >= 0) & (columns < len(onto)))[
        :, np.newaxis
    ]
    place = rows[:, :, np.newaxis] * len(onto) + columns[:, np.newaxis]
    np.maximum.at(onto.reshape(-1), place[inside], value[inside])
