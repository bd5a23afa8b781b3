"""What there is in a piece of skin, in millimetres about its middle, whoever photographs it and how."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from benchmarks.render.strata.bank import Cut, cut
from benchmarks.render.strata.optics import MELANIN

Numbers = NDArray[np.float64]
PLUGS = ("open", "dark", "light")
SMALLEST_MM, LARGEST_MM = 0.06, 0.62
TEARDROP = 0.3
"""Least lopsidedness of what is called a teardrop."""
OVAL = 1.2
"""Least aspect of what is called oval."""
TEARDROPS, FUNNELS = 0.16, 0.35
"""Shares of pores."""
VEINED, STUBBLED, FROM_PORES = 0.4, 0.2, 0.3
"""Shares of skins with fine vessels and with stubble, and of stubble that grows from a pore that shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Pores:
    """Pits, one a row."""

    x: Numbers
    y: Numbers
    diameter: Numbers
    aspect: Numbers
    angle: Numbers
    """Radians, of the long axis."""
    tear: Numbers
    """0 for an ellipse; the mouth is wider by this share at one end and narrower at the other."""
    depth: Numbers
    """Over the radius of the mouth."""
    funnel: Numbers
    """0 for an ellipsoid; else the power of the funnel's wall."""
    soft: Numbers
    """Width of the edge over the radius; its middle is the edge of the mouth."""
    plug: NDArray[np.int64]
    """Place in ``PLUGS``."""
    filling: Numbers
    """Radius of the plug over that of the mouth."""
    tone: Numbers
    """How much of what is seen of the plug is its own colour."""

    def only(self, rows: NDArray[Any]) -> "Pores":
        """Some of them."""
        return Pores(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def __len__(self) -> int:
        """How many."""
        return len(self.x)


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Freckles, moles and papules, one a row."""

    x: Numbers
    y: Numbers
    radius: Numbers
    aspect: Numbers
    angle: Numbers
    melanin: Numbers
    """Factor in the middle."""
    blood: Numbers
    """Added in the middle."""
    height: Numbers
    """Millimetres in the middle."""
    soft: Numbers
    """Width of the edge over the radius."""


@dataclass(frozen=True, slots=True, eq=False)
class Hair:
    """One hair."""

    path: Numbers
    """(n, 2)."""
    width: float
    dark: bool


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """A square of skin."""

    seed: int
    phototype: int
    extent: float
    pores: Pores
    spots: Spots
    hairs: tuple[Hair, ...]
    furrows: tuple[tuple[Cut, float, float], ...]
    """Texture whose zero lines they follow, depth in millimetres, width in standard deviations of the texture."""
    patches: Cut
    """Where furrows are deep and shallow, and skin is red and oily."""
    mottle: Cut
    grain: Cut
    melanin: float
    blood: float
    oil: float
    vessels: Cut
    vessel_blood: float


def draw_skin(seed: int, **wishes: Any) -> Skin:
    """A piece of skin.

    Args:
        seed: draws everything.
        wishes: ``phototype`` (1 to 6), ``pore_free``, ``distractors`` (False for none), ``density`` (per cm2),
            ``size_mm`` (median diameter), ``plugs`` (shares of open, dark and light), ``extent_mm`` (side, 64),
            ``stubble`` (True or False), ``oil`` (0 to 1).
    """
    rng = np.random.default_rng([seed, 7])
    phototype = int(wishes.get("phototype", rng.integers(1, 7)))
    extent = float(wishes.get("extent_mm", 64.0))
    spoiled = bool(wishes.get("distractors", True))
    grain_line = float(rng.uniform(0, np.pi))
    pores = _pores(rng, extent, grain_line, wishes)
    skin = Skin(
        seed=seed,
        phototype=phototype,
        extent=extent,
        pores=pores.only(np.zeros(0, int)) if wishes.get("pore_free") else pores,
        spots=_spots(rng, extent, phototype) if spoiled else _no_spots(),
        hairs=tuple(_hairs(rng, extent, pores, phototype, wishes.get("stubble"))) if spoiled else (),
        furrows=_furrows(rng, grain_line),
        patches=cut("cloud", rng.uniform(0.5, 0.9), rng),
        mottle=cut("cloud", rng.uniform(0.15, 0.4), rng),
        grain=cut("grain", rng.uniform(0.05, 0.09), rng),
        melanin=MELANIN[phototype - 1] * float(np.exp(rng.normal(0, 0.15))),
        blood=float(rng.uniform(0.012, 0.035)),
        oil=float(wishes.get("oil", rng.beta(1.2, 2))),
        vessels=cut("wave", rng.uniform(1.5, 3), rng, stretch=3),
        vessel_blood=float(rng.uniform(0, 0.03) * (rng.random() < VEINED)) if spoiled else 0.0,
    )
    return replace(skin, furrows=()) if wishes.get("furrows") is False else skin


def _furrows(rng: np.random.Generator, grain_line: float) -> tuple[tuple[Cut, float, float], ...]:
    """Two sets of primary lines that cross, and a finer one."""
    spacing, depth = rng.uniform(0.55, 1.1), np.exp(rng.uniform(np.log(0.01), np.log(0.036)))
    crossing = rng.uniform(0.9, 1.5)
    primary = tuple(
        (cut("wave", spacing * each, rng, turn=grain_line + turn, stretch=rng.uniform(2, 3.5)), depth * share, 0.22)
        for turn, share, each in ((0.0, 1.0, 1.0), (crossing, rng.uniform(0.5, 1), rng.uniform(0.8, 1.2)))
    )
    fine = (cut("wave", spacing * rng.uniform(0.35, 0.5), rng, stretch=1.3), depth * rng.uniform(0.2, 0.5), 0.3)
    return (*primary, fine)


def _pores(rng: np.random.Generator, extent: float, grain_line: float, wishes: Mapping[str, Any]) -> Pores:
    density = float(wishes.get("density", np.exp(rng.uniform(np.log(30), np.log(150)))))
    median = float(wishes.get("size_mm", rng.uniform(0.15, 0.28)))
    number = rng.poisson(density * (extent / 10) ** 2)
    place = rng.uniform(-extent / 2, extent / 2, (2 * number, 2))
    diameter = np.clip(median * np.exp(rng.normal(0, 0.36, 2 * number)), SMALLEST_MM, LARGEST_MM)
    kept = _apart(place, diameter)[:number]
    x, y, diameter = *place[kept].T, diameter[kept]
    count = len(kept)
    teardrop = rng.random(count) < TEARDROPS
    aspect = 1 + rng.gamma(1.6, 0.14, count) + 0.3 * teardrop
    shares = np.asarray(wishes.get("plugs", (0.5, 0.34, 0.16)), float)
    plug = rng.choice(3, count, p=shares / shares.sum())
    return Pores(
        x=x,
        y=y,
        diameter=diameter,
        aspect=np.minimum(aspect, 2.4),
        angle=(grain_line + rng.normal(0, 0.45, count)) % (2 * np.pi),
        tear=np.where(teardrop, rng.uniform(0.35, 0.65, count), rng.uniform(0, 0.1, count)),
        depth=np.clip(np.exp(rng.normal(np.log(0.55), 0.45, count)), 0.2, 2.5),
        funnel=np.where(rng.random(count) < FUNNELS, rng.uniform(2, 5, count), 0),
        soft=rng.uniform(0.1, 0.45, count),
        plug=plug,
        filling=np.where(plug == PLUGS.index("light"), rng.uniform(0.85, 1, count), rng.uniform(0.75, 1, count)),
        tone=np.where(plug == PLUGS.index("light"), rng.uniform(0.1, 0.5, count), rng.uniform(0.1, 0.75, count)),
    )


def _apart(place: Numbers, diameter: Numbers) -> NDArray[np.int64]:
    """Those that keep away from all that come before them."""
    pairs = cKDTree(place).query_pairs(0.8, output_type="ndarray")
    gaps = np.linalg.norm(place[pairs[:, 0]] - place[pairs[:, 1]], axis=1)
    tight = pairs[gaps < 0.75 * (diameter[pairs[:, 0]] + diameter[pairs[:, 1]]) + 0.12]
    free = np.ones(len(place), bool)
    for first, second in tight[np.argsort(tight[:, 0], kind="stable")].tolist():
        if free[first]:
            free[second] = False
    return np.flatnonzero(free)


def _no_spots() -> Spots:
    none = np.zeros(0)
    return Spots(none, none, none, none, none, none, none, none, none)


def _spots(rng: np.random.Generator, extent: float, phototype: int) -> Spots:
    area = (extent / 10) ** 2
    freckled = rng.random() < (0.5 if phototype <= 3 else 0.25)  # noqa: PLR2004 - phototypes
    kinds = (
        # how many per cm2, radius from and to, factor of melanin, blood added, height
        (rng.uniform(2, 9) if freckled else 0.3, 0.25, 1.4, rng.uniform(1.3, 2.2), 0.0, 0.0),
        (0.06, 0.7, 1.8, rng.uniform(3, 6), 0.01, 0.15),
        (rng.uniform(0, 0.7), 0.4, 1.6, 1.0, 0.04, 0.18),
        (rng.uniform(0, 0.4), 0.2, 0.5, 0.85, -0.01, 0.08),
    )
    rows = []
    for per_cm2, low, high, melanin, blood, height in kinds:
        count = rng.poisson(per_cm2 * area)
        strength = rng.uniform(0.4, 1, count)
        place = rng.uniform(-extent / 2, extent / 2, (2, count))
        radius = np.exp(rng.uniform(np.log(low), np.log(high), count))
        shape = rng.uniform(1, 1.7, count), rng.uniform(0, np.pi, count)
        factor = melanin**strength
        rows.append((*place, radius, *shape, factor, blood * strength, height * strength, rng.uniform(0.3, 0.8, count)))
    return Spots(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def _hairs(rng: np.random.Generator, extent: float, pores: Pores, phototype: int, wish: Any) -> list[Hair]:
    area = (extent / 10) ** 2
    direction = rng.uniform(0, 2 * np.pi)
    dark = bool(wish) if wish is not None else bool(rng.random() < STUBBLED)
    hairs = [
        _hair(rng, rng.uniform(-extent / 2, extent / 2, 2), direction, rng.uniform(0.8, 4), 0.02, dark=False)
        for _ in range(rng.poisson(rng.uniform(2, 14) * area))
    ]
    if not dark:
        return hairs
    long = rng.uniform(0.2, 0.6)
    for _ in range(rng.poisson(rng.uniform(4, 25) * area)):
        root = rng.uniform(-extent / 2, extent / 2, 2)
        if len(pores) and rng.random() < FROM_PORES:
            row = rng.integers(len(pores))
            root = np.array([pores.x[row], pores.y[row]])
        width = rng.uniform(0.05, 0.1) * (1 if phototype > 1 else 0.8)
        hairs.append(_hair(rng, root, direction, long * rng.uniform(0.7, 2.2), width, dark=True))
    return hairs


def _hair(rng: np.random.Generator, root: Numbers, direction: float, long: float, width: float, *, dark: bool) -> Hair:
    along = np.linspace(0, 1, 8)
    turn = direction + rng.normal(0, 0.35) + rng.normal(0, 0.4) * along
    steps = np.stack([np.cos(turn), np.sin(turn)], axis=1) * long / 7
    return Hair(root + np.cumsum(steps, axis=0) - steps[0], width, dark)
