"""Pores: how many, how large and of what form, and their stamps on the planes of a picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from benchmarks.render.relief.chance import Rng, within
from benchmarks.render.relief.view import Floats, Plane, View

OPEN, DARK, LIGHT = range(3)
BOWL, CONE, WALL = range(3)
RIMMED = 0.3
"""Share of skins on which pores have red rims."""
APART = 1.15
"""Least distance of two pores in mean diameters."""
REACH = 2.4
"""Radii to which a pore is drawn."""
STAMP = 300_000
"""Pixels that are drawn at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Pits:
    """Pores; one row of each array a pore."""

    x: Floats
    y: Floats
    """Of the mouth's centroid, millimetres."""
    diameter: Floats
    """Of the circle as large as the mouth: the contour where the pit has half its depth, whatever its form."""
    stretch: Floats
    """Length over width of the ellipse that the mouth is made from."""
    angle: Floats
    """Radians of the long axis, from x towards y."""
    taper: Floats
    """How much narrower the far end is, 0 for an ellipse."""
    form: NDArray[np.int8]
    """BOWL, CONE, WALL."""
    sharpness: Floats
    """Exponent of the bowl: 2 a dent, 12 a punched hole; as steep for the others."""
    depth: Floats
    """Log of light lost at the bottom, without the plug."""
    plug: NDArray[np.int8]
    """OPEN, DARK, LIGHT."""
    plug_size: Floats
    """Radius of the plug in radii of the mouth."""
    plug_depth: Floats
    """Log of light that the plug takes away on top; below 0 for pale ones."""
    lopsided: Floats
    """Part of the depth that one end has more than the middle."""
    hollow: Floats
    """Depth of the pit's relief in diameters."""
    red_rim: Floats
    pale_rim: Floats
    """Log of light that the rim gains, in depths."""

    def __len__(self) -> int:
        """Count the pores."""
        return len(self.x)

    @property
    def aspect(self) -> Floats:
        """Long over short axis of the ellipse with the mouth's second moments."""
        return np.maximum(self.stretch * np.sqrt((1 - self.taper**2 / 4) / (1 + self.taper**2 / 2)), 1.0)


def draw_pits(rng: Rng, density: float, phototype: int, extent: float) -> Pits:
    """Draw the pores of a skin.

    Args:
        rng: where chance comes from.
        density: a square centimetre.
        phototype: 1 to 6; relief shows a little less on dark skin.
        extent: side of the square, millimetres.
    """
    places = _places(rng, density, extent)
    middle, spread = within(rng, 0.1, 0.32), rng.uniform(0.2, 0.55)
    diameter = np.clip(middle * np.exp(rng.normal(0, spread, len(places))), 0.04, 0.75)
    kept = _apart(places, diameter)
    places, diameter, count = places[kept], diameter[kept], len(kept)
    tears = rng.random(count) < rng.choice([0.0, 0.1, 0.5])
    stretched = np.abs(rng.normal(0, rng.uniform(0.03, 0.35), count)).clip(0, 0.8)
    common, unlike = rng.uniform(0, np.pi), rng.uniform(0.1, 1.5)
    depth = within(rng, 0.05, 0.42) * np.exp(rng.normal(0, rng.uniform(0.25, 0.6), count))
    depth *= (diameter / 0.2) ** rng.uniform(0, 0.6) * (1 - 0.05 * (phototype - 1))
    plug, size, strength = _plugs(rng, depth, phototype)
    rims = rng.random() < RIMMED
    return Pits(
        x=places[:, 0],
        y=places[:, 1],
        diameter=diameter,
        stretch=np.exp(stretched + np.where(tears, 0.3, 0.0)),
        angle=common + rng.normal(0, unlike, count),
        taper=np.where(tears, rng.uniform(0.35, 0.75, count), 0.0),
        form=rng.choice(3, size=count, p=rng.dirichlet((0.6, 0.4, 0.5))).astype(np.int8),
        sharpness=np.clip(within(rng, 2.0, 9) * np.exp(rng.normal(0, 0.25, count)), 1.8, 14),
        depth=np.where(plug == LIGHT, depth * rng.uniform(0, 0.8) * rng.random(count), np.clip(depth, 0, 1.4)),
        plug=plug,
        plug_size=size,
        plug_depth=strength,
        lopsided=rng.normal(0, rng.uniform(0, 0.3), count).clip(-0.5, 0.5),
        hollow=within(rng, 0.01, 0.25) * np.exp(rng.normal(0, 0.3, count)),
        red_rim=rng.uniform(0, 0.3, count) * rng.random() * rims,
        pale_rim=rng.uniform(0, 0.35, count) * rng.random() * (rng.random() < 1 / 2),
    )


def _plugs(rng: Rng, depth: Floats, phototype: int) -> tuple[NDArray[np.int8], Floats, Floats]:
    """Kind, size and strength of plugs; pale ones stand out more from darker skin."""
    dark, light = rng.uniform(0, 0.6), rng.choice([0.0, rng.uniform(0, 0.3), rng.uniform(0.2, 0.8)])
    light *= 1 - dark
    count = len(depth)
    plug = rng.choice(3, size=count, p=[1 - dark - light, dark, light]).astype(np.int8)
    pale = -np.clip(depth, 0.03, 0.4) * rng.uniform(0.5, 1.2) * (0.8 + 0.1 * phototype)
    strength = np.where(plug == LIGHT, pale, np.where(plug == DARK, rng.uniform(0.1, 1.0, count) * depth, 0.0))
    size = np.where(plug == LIGHT, rng.uniform(0.6, 1.0, count), rng.uniform(0.4, 0.95, count))
    return plug, size, strength


def _places(rng: Rng, density: float, extent: float) -> Floats:
    """Points, from evenly spaced to scattered to thinned in patches; (n, 2)."""
    if density <= 0:
        return np.zeros((0, 2))
    patchy = rng.random() < 1 / 2
    step = 10 / np.sqrt(density * (2 if patchy else 1))
    side = np.arange(-extent / 2, extent / 2, step)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    places = grid + rng.uniform(0, 1, (1, 2)) * step + rng.normal(0, within(rng, 0.25, 1.0), grid.shape) * step
    if patchy:
        waves = rng.normal(0, within(rng, 0.1, 0.8), (2, 2))
        thick = np.sin(places @ waves[0] + rng.uniform(0, 6)) + np.sin(places @ waves[1] + rng.uniform(0, 6))
        places = places[rng.random(len(places)) < 0.5 + 0.25 * thick]
    return np.asarray(places)


def _apart(places: Floats, diameter: Floats) -> NDArray[np.intp]:
    """Which pores remain when none may run into an earlier one."""
    if not len(places):
        return np.zeros(0, np.intp)
    pairs = np.sort(cKDTree(places).query_pairs(APART * float(diameter.max()), output_type="ndarray"))
    gaps = np.linalg.norm(places[pairs[:, 0]] - places[pairs[:, 1]], axis=1)
    close = gaps < APART / 2 * (diameter[pairs[:, 0]] + diameter[pairs[:, 1]])
    return np.setdiff1d(np.arange(len(places)), pairs[close, 1])


@dataclass(frozen=True, slots=True, eq=False)
class PitPlanes:
    """What pores do to the skin."""

    lost: Plane
    """Log of light taken away."""
    height: Plane
    """Millimetres."""
    blood: Plane
    brown: Plane
    """Log of light that dark plugs take away."""


def stamp_pits(pits: Pits, view: View, kept: NDArray[np.bool_], scaled: float) -> PitPlanes:
    """Draw pores.

    Args:
        pits: the pores.
        view: from where they are seen.
        kept: which.
        scaled: what their diameters are multiplied by.
    """
    planes = np.zeros((4, view.side * view.side))
    for index, flat, along, across, weight in _windows(pits, view, kept, scaled):
        for row, drawn in enumerate(_drawn(pits, index, along, across, scaled)):
            planes[row] += np.bincount(flat, weights=(drawn * weight).mean(axis=(2, 4)).ravel(), minlength=view.side**2)
    return PitPlanes(*planes.astype(np.float32).reshape(4, view.side, view.side))


def _drawn(pits: Pits, index: NDArray[np.intp], along: Plane, across: Plane, scaled: float) -> tuple[Plane, ...]:
    """Light lost, height, blood and brown of some pores at places counted in their radii."""

    def of(values: NDArray[np.float64]) -> Plane:
        return values[index].astype(np.float32)[:, np.newaxis, np.newaxis, np.newaxis, np.newaxis]

    radius = np.sqrt(along * along + across * across)
    profile = _profile(radius, of(pits.form.astype(float)), of(pits.sharpness))
    plug = _profile(radius / of(pits.plug_size), np.float32(WALL), np.float32(6)) * of(pits.plug_depth)
    rim = np.exp(-(((radius - np.float32(1.3)) / np.float32(0.25)) ** 2))
    deep = profile * of(pits.depth)
    uneven = 1 + of(pits.lopsided) * np.clip(along, -1, 1)
    lost = deep * uneven - of(pits.pale_rim) * of(pits.depth) * rim + np.where(of(pits.plug == DARK), 0, plug)
    return (
        lost,
        -profile * of(pits.hollow * pits.diameter * scaled * (pits.plug != LIGHT)),
        of(pits.red_rim) * rim,
        np.where(of(pits.plug == DARK), plug, 0),
    )


def _profile(radius: NDArray[Any], form: Plane | np.float32, sharpness: Plane | np.float32) -> Plane:
    """Depth of a pit by distance from its middle, 1 at most; 1/2 at the mouth, where the distance is 1."""
    bowl = np.exp(np.float32(-np.log(2)) * np.maximum(radius, np.float32(1e-3)) ** sharpness)
    cone = np.clip(0.5 + (1 - radius) * sharpness * np.float32(0.25), 0, 1)
    wall = 1 / (1 + np.exp(np.clip((radius - 1) * sharpness * np.float32(1.8), -20, 20)))
    return np.asarray(np.where(form == BOWL, bowl, np.where(form == CONE, cone, wall)), np.float32)


def _windows(
    pits: Pits, view: View, kept: NDArray[np.bool_], scaled: float
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], Plane, Plane, Plane]]:
    """Cut windows around pores of about one size.

    Yields:
        indices of the pores; the pixels of their windows in the flattened plane; place along and across the mouth in
        its radii, as (n, rows, 2, columns, 2), since edges of sharp pits are finer than a pixel; a weight that ends
        the stamp smoothly and is 0 outside the picture.
    """
    px, py = view.to_px(pits.x, pits.y)
    radius = pits.diameter * scaled / 2
    reach = np.ceil(REACH * radius * np.sqrt(pits.stretch) * view.px_per_mm * 1.1 + 1).astype(int)
    inside = kept & (px > -reach) & (py > -reach) & (px < view.side + reach) & (py < view.side + reach)
    order = np.flatnonzero(inside)[np.argsort(reach[inside], kind="stable")]
    while len(order):
        # Sorted by size, so that a batch's largest window fits all of it tightly.
        count = max(1, STAMP // (8 * int(reach[order[0]]) + 4) ** 2)
        index, order = order[:count], order[count:]
        wide = int(reach[index].max())
        offsets = np.arange(-wide, wide + 1)
        columns = np.rint(px[index]).astype(int)[:, np.newaxis] + offsets
        rows = np.rint(py[index]).astype(int)[:, np.newaxis] + offsets
        fine = np.array([-0.25, 0.25])
        right = (columns - px[index, np.newaxis])[:, np.newaxis, np.newaxis, :, np.newaxis] + fine
        down = (rows - py[index, np.newaxis])[:, :, np.newaxis, np.newaxis, np.newaxis] + fine[
            :, np.newaxis, np.newaxis
        ]
        along, across = _in_radii(pits, view, index, radius, right.astype(np.float32), down.astype(np.float32))
        away = along**2 + across**2
        weight = np.clip((REACH**2 - away) / np.float32(2), 0, 1)
        seen = ((rows >= 0) & (rows < view.side))[:, :, np.newaxis] & ((columns >= 0) & (columns < view.side))[
            :, np.newaxis
        ]
        flat = np.where(seen, rows[:, :, np.newaxis] * view.side + columns[:, np.newaxis], 0)
        weight = weight * seen[:, :, np.newaxis, :, np.newaxis]
        taper = pits.taper[index].astype(np.float32)[:, np.newaxis, np.newaxis, np.newaxis, np.newaxis]
        # The tapered mouth's centroid lies a quarter of the taper behind the middle of its axis.
        along -= taper / 4
        across /= np.maximum(1 - taper * np.clip(along, -1, 1), np.float32(0.2))
        yield index, flat.ravel(), along, across, weight.astype(np.float32)


def _in_radii(
    pits: Pits, view: View, index: NDArray[np.intp], radius: Floats, right: Plane, down: Plane
) -> tuple[Plane, Plane]:
    """Pixels from the middle of pores as places along and across their mouths, in radii."""
    back = np.linalg.inv(view.stretch(pits.x[index], pits.y[index]))
    cos, sin = np.cos(pits.angle[index]), np.sin(pits.angle[index])
    turned = np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], 1) @ back
    root = np.sqrt(pits.stretch[index])
    turned /= radius[index, np.newaxis, np.newaxis]
    turned *= np.stack([1 / root, root], -1)[:, :, np.newaxis]
    part = turned.astype(np.float32)[:, :, :, np.newaxis, np.newaxis, np.newaxis, np.newaxis]
    return part[:, 0, 0] * right + part[:, 0, 1] * down, part[:, 1, 0] * right + part[:, 1, 1] * down
