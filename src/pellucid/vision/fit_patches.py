"""The pixels around each pore, cut out at a fineness that suits its size, with how much each of them counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pellucid.vision.fit_model import Floats, Singles
from pellucid.vision.photo import Field, Plane

COARSEST = 8.0
"""Pixels across of the largest pore that is fitted as it is; larger ones are fitted on a photo of half the size."""
SMALLEST = 1.5
"""Pixels across that a pore has at least, however small the finder says it is."""
REACH = 0.85
"""Radius of the round patch, in diameters of the pore: farther out the skin's texture says nothing of the pore."""
SIZES = (5, 6, 8)
"""Pixels from the middle of a square patch to its sides, to choose from."""
NEIGHBOURS = 6
"""Nearest other pores whose pixels are left out."""
OWN_GROUND = 1.4
"""Radii around another pore within which a pixel nearer to it is left out."""

_LEAST = np.float32(1e-3)


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Pores that are cut out alike. All numbers are in pixels of their level."""

    level: int
    """How many times the photo was halved."""
    half: int
    """Pixels from the middle of a patch to its sides."""
    planes: "Level"
    index: NDArray[np.intp]
    """(n,) which finds these are."""
    places: Floats
    """(n, 2): x, y."""
    diameters: Floats
    blur: float
    """Standard deviation of the lens' Gaussian."""
    others: Floats
    """(n, NEIGHBOURS, 3): x, y and diameter of the nearest other finds; infinitely far where there are fewer."""

    def part(self, which: slice) -> "Group":
        """Some of the pores."""
        return Group(
            self.level,
            self.half,
            self.planes,
            self.index[which],
            self.places[which],
            self.diameters[which],
            self.blur,
            self.others[which],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """The pixels of n pores, p each, x and y counted from the middle of the patch."""

    dark: Singles
    """(n, p) absorbance, less its weighted mean."""
    weights: Singles
    """(n, p) 0 to 1."""
    x: Singles
    """(p,)"""
    y: Singles
    beside: NDArray[np.intp]
    """(2, q): pairs of pixels that lie side by side."""
    corner: Floats
    """(n, 2): what to add to x and y for places in the group's level."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The photo at one fineness."""

    dark: Plane
    """Absorbance."""
    counts: Plane
    """How much of each pixel is skin, 0 to 1."""


def levels_of(field: Field, diameter: Floats) -> list[Level]:
    """The photo as it is, and halved again and again as far as pores of these diameters need it."""
    levels = [Level(field.absorbance, np.asarray(field.skin, np.float32))]
    for _ in range(int(_level(diameter).max(initial=0))):
        last = levels[-1]
        counts = _halved(last.counts)
        # What is no skin must not be mixed into what is.
        dark = np.asarray(_halved(last.dark * last.counts) / np.maximum(counts, _LEAST), np.float32)
        levels.append(Level(dark, counts))
    return levels


def _level(diameter: Floats) -> NDArray[np.int_]:
    return np.maximum(np.ceil(np.log2(np.maximum(diameter, 1.0) / COARSEST)), 0).astype(int)


def groups(levels: list[Level], blur_px: float, x: Floats, y: Floats, diameter: Floats) -> Iterator[Group]:
    """Sort finds by how they have to be cut out.

    Args:
        levels: of the photo, for these diameters.
        blur_px: of the lens, pixels of the photo.
        x: (n,) places and sizes, pixels of the photo.
        y: as x.
        diameter: as x.
    """
    if not len(x):
        return
    diameter = np.maximum(diameter, SMALLEST)
    others = _others(x, y, diameter)
    for number, planes in enumerate(levels):
        step = 2.0**number
        blur = float(np.sqrt(blur_px**2 + (step**2 - 1) / 12) / step)
        needed = REACH * np.hypot(diameter / step, 2 * blur) + 0.5
        sizes = np.array(SIZES)[np.minimum(np.searchsorted(SIZES, needed), len(SIZES) - 1)]
        for half in SIZES:
            index = np.flatnonzero((_level(diameter) == number) & (sizes == half))
            if len(index):
                places = (np.stack([x[index], y[index]], axis=1) + 0.5) / step - 0.5
                near = others[index] / step
                near[:, :, :2] += 0.5 / step - 0.5
                yield Group(number, half, planes, index, places, diameter[index] / step, blur, near)


def _others(x: Floats, y: Floats, diameter: Floats) -> Floats:
    places = np.stack([x, y], axis=1)
    _, which = cKDTree(places).query(places, k=NEIGHBOURS + 1)
    table = np.vstack([np.column_stack([places, diameter]), [np.inf, np.inf, 1.0]])
    return np.asarray(table[np.atleast_2d(which)[:, 1:]], float)


def _halved(plane: Plane) -> Plane:
    height, width = plane.shape
    even = plane[: height // 2 * 2, : width // 2 * 2]
    return cv2.resize(even, (max(width // 2, 1), max(height // 2, 1)), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def cut(group: Group) -> Patches:
    """Cut the pixels of all pores of a group out."""
    down, right, beside = _disc(group.half)
    middle = np.rint(group.places).astype(int)
    height, width = group.planes.dark.shape
    rows, columns = middle[:, 1, None] + down, middle[:, 0, None] + right
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    weights = group.planes.counts[rows, columns] * inside
    weights *= _window(group, middle, right, down)
    dark = _levelled(group.planes.dark[rows, columns], weights)
    return Patches(dark, weights, _single(right), _single(down), beside, middle.astype(float))


def _levelled(values: Singles, weights: Singles) -> Singles:
    """Without their weighted mean: large numbers lose the last digits of small differences."""
    mean = (values * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), _LEAST)
    return np.asarray(values - mean[:, None], np.float32)


@cache
def _disc(half: int) -> tuple[NDArray[np.int_], NDArray[np.int_], NDArray[np.intp]]:
    """Rows and columns of a disc's pixels from its middle, and which of them lie side by side."""
    steps = np.arange(-half, half + 1)
    down, right = (part.ravel() for part in np.meshgrid(steps, steps, indexing="ij"))
    inside = np.hypot(down, right) <= half + 0.5
    down, right = down[inside], right[inside]
    apart = np.abs(down[:, None] - down) + np.abs(right[:, None] - right)
    return down, right, np.stack(np.nonzero(np.triu(apart == 1)))


def _window(group: Group, middle: NDArray[np.int_], right: NDArray[np.int_], down: NDArray[np.int_]) -> Singles:
    """A round patch with a soft rim, without the ground of other pores."""
    radius = np.hypot(group.diameters / 2, group.blur)
    own = np.sqrt(_squares(group.places - middle, right, down))
    weights = np.clip(_single(2 * REACH * radius + 1)[:, None] - own, 0, 1)
    own /= _single(radius)[:, None]
    for place in range(group.others.shape[1]):
        other = group.others[:, place]
        ground = np.hypot(other[:, 2] / 2, group.blur)
        near = np.flatnonzero(np.hypot(*(other[:, :2] - middle).T) < 2 * REACH * radius + OWN_GROUND * ground)
        gap = np.sqrt(_squares(other[near, :2] - middle[near], right, down)) / _single(ground[near])[:, None]
        weights[near] *= (gap > OWN_GROUND) | (gap > own[near])
    return weights


def _squares(places: Floats, right: NDArray[np.int_], down: NDArray[np.int_]) -> Singles:
    """(n, p) squared distances of pixels from places."""
    x, y = _single(right) - _single(places[:, :1]), _single(down) - _single(places[:, 1:])
    return x * x + y * y


def _single(numbers: NDArray[Any]) -> Singles:
    return numbers.astype(np.float32)
