"""What there is on a piece of skin, in millimetres: its colour, its textures, its pores and marks. No pixels here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.render.relief.chance import Rng, within
from benchmarks.render.relief.covers import Cover, draw_cover
from benchmarks.render.relief.marks import Marks, draw_marks
from benchmarks.render.relief.pits import Pits, draw_pits

EXTENT_MM = 60.0
"""Side of the square of skin, around (0, 0)."""
DENSITY_PER_CM2 = (10.0, 260.0)
MELANIN = (0.18, 0.32, 0.55, 0.95, 1.55, 2.3)
"""Optical density in green light by phototype I to VI."""
SMOOTH = 0.25
"""Share of skins with no furrows, as on a nose."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One texture: which tile, how large its cells, how it is turned and stretched, how strong."""

    kind: str
    variant: int
    cell_mm: float
    angle: float
    stretch: float
    strength: float


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """A piece of skin."""

    phototype: int
    melanin: float
    """Optical density in green light."""
    blood: float
    pits: Pits
    relief: tuple[Layer, ...]
    """Heights; strength is depth in millimetres."""
    pigment: tuple[Layer, ...]
    """Melanin beside the skin's own."""
    vessels: tuple[Layer, ...]
    marks: Marks
    cover: Cover
    oil: float
    """0 dry to 1."""
    hollow: float
    """Log of light that a furrow loses, a millimetre."""
    translucent: float
    """Share of the light that comes back from below the surface, blurred."""
    pit_tint: tuple[float, float, float]
    """Of the light that pores take away, red, green and blue beside the mean."""
    seed: int
    settings: Mapping[str, object] = field(default_factory=dict)


def draw_skin(
    seed: int,
    *,
    phototype: int | None = None,
    pore_free: bool = False,
    distractors: bool = True,
    density_per_cm2: float | None = None,
    size_mm: float = EXTENT_MM,
) -> Skin:
    """Draw a piece of skin at random.

    Args:
        seed: everything not wished for follows from this.
        phototype: 1 to 6.
        pore_free: nothing but textures and marks.
        distractors: whether there are marks, and things beside the skin.
        density_per_cm2: of pores of all sizes, before those that run into each other are dropped.
        size_mm: side of the square of skin.
    """
    rng = np.random.default_rng([seed, 11])
    kind = phototype or int(rng.integers(1, 7))
    count = 0.0 if pore_free else density_per_cm2 or within(rng, *DENSITY_PER_CM2)
    pits = draw_pits(rng, count, kind, size_mm)
    cloudy = _layer(rng, "cloud", (1.5, 8), (0.01, 0.08))
    return Skin(
        phototype=kind,
        melanin=MELANIN[kind - 1] * float(np.exp(rng.normal(0, 0.12))),
        blood=within(rng, 0.12, 0.55),
        pits=pits,
        relief=_relief(rng),
        pigment=(cloudy, _layer(rng, "grain", (0.2, 1.2), (0.0, 0.05))),
        vessels=(
            _layer(rng, "cloud", (0.8, 6), (0.02, rng.choice([0.12, 0.3]))),
            _layer(rng, "ridges", (1, 4), (0.0, 0.15)),
        ),
        marks=draw_marks(rng, pits, size_mm, distractors=distractors),
        cover=draw_cover(rng, wanted=distractors),
        oil=float(rng.beta(1, 2)),
        hollow=within(rng, 1.0, 12),
        translucent=float(rng.uniform(0.1, 0.5)),
        pit_tint=(float(rng.uniform(0.5, 1.0)), 1.0, float(rng.uniform(0.9, 1.3))),
        seed=seed,
        settings={"pore_free": pore_free, "density_per_cm2": count},
    )


def _layer(rng: Rng, kind: str, cells: tuple[float, float], strengths: tuple[float, float]) -> Layer:
    return Layer(
        kind=kind,
        variant=int(rng.integers(0, 4)),
        cell_mm=within(rng, *cells),
        angle=float(rng.uniform(0, np.pi)),
        stretch=within(rng, 1.0, 2.5) if rng.random() < 1 / 2 else 1.0,
        strength=float(rng.uniform(*strengths)),
    )


def _relief(rng: Rng) -> tuple[Layer, ...]:
    """Heights: one or two networks of furrows, or none as on a nose, over waves and grain."""
    layers = []
    if rng.random() > SMOOTH:
        for _ in range(int(rng.integers(1, 3))):
            cell = within(rng, 0.3, 1.8)
            # Wide cells have deep furrows; slopes stay alike.
            depth = cell * within(rng, 0.006, 0.07)
            kind = str(rng.choice(("net", "bent_net", "ridges", "long_net"), p=(0.4, 0.2, 0.15, 0.25)))
            layers.append(_layer(rng, kind, (cell, cell), (depth, depth)))
    waves, grain = within(rng, 0.6, 3.0), within(rng, 0.12, 0.6)
    layers.append(_layer(rng, "cloud", (waves, waves), (0.0, 0.012 * waves)))
    layers.append(_layer(rng, "grain", (grain, grain), (0.0005 * grain, 0.012 * grain)))
    return tuple(layers)
