"""Skin as planes of pixels: height, pigment, blood and pits, as the camera's pixels sample them. No light here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.render.relief.covers import place_cover, skin_left
from benchmarks.render.relief.marks import stamp_marks
from benchmarks.render.relief.pits import PitPlanes, stamp_pits
from benchmarks.render.relief.skin import Layer, Skin
from benchmarks.render.relief.tiles import sample
from benchmarks.render.relief.view import Plane, View


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Planes of one size."""

    height: Plane
    """Millimetres, without pores."""
    melanin: Plane
    """Optical density in green light."""
    blood: Plane
    """As melanin."""
    shade: Plane
    """Log of light that marks take away."""
    glint: Plane
    pits: PitPlanes
    kept: NDArray[np.bool_]
    """(pores,): which are there and not covered."""
    skin: NDArray[np.bool_]
    cover: tuple[Plane, NDArray[np.float32]] | None
    """Share of each pixel, and the light of what covers it."""


def lay_out(skin: Skin, view: View, kept: NDArray[np.bool_], scaled: float) -> Surface:
    """Sample a skin.

    Args:
        skin: what there is.
        view: from where.
        kept: which pores.
        scaled: what their diameters are multiplied by.
    """
    x, y = view.grid()
    cover = place_cover(skin.cover, view, x, y)
    free = np.ones((view.side, view.side), bool) if cover is None else skin_left(skin.cover, cover[0], view)
    px, py = (np.clip(np.rint(part), 0, view.side - 1).astype(int) for part in view.to_px(skin.pits.x, skin.pits.y))
    kept = kept & free[py, px]
    marks = stamp_marks(skin.marks, view)
    return Surface(
        height=_layers(skin.relief, x, y, lines=-1) + marks.height,
        melanin=np.float32(skin.melanin) * (1 + _layers(skin.pigment, x, y)) + marks.melanin,
        blood=np.float32(skin.blood) * np.maximum(1 + _layers(skin.vessels, x, y) + marks.blood, 0),
        shade=marks.shade,
        glint=marks.glint,
        pits=stamp_pits(skin.pits, view, kept, scaled),
        kept=kept,
        skin=free,
        cover=cover,
    )


def _layers(layers: tuple[Layer, ...], x: Plane, y: Plane, lines: int = 1) -> Plane:
    """Sum textures; ``lines`` is -1 where networks lead down, as furrows do."""
    total = np.zeros_like(x)
    for layer in layers:
        cos, sin = np.cos(layer.angle), np.sin(layer.angle)
        along = ((cos * x + sin * y) / np.float32(layer.cell_mm * layer.stretch)).astype(np.float32)
        across = ((cos * y - sin * x) / np.float32(layer.cell_mm)).astype(np.float32)
        sign = 1 if layer.kind in {"cloud", "grain"} else lines
        total += np.float32(sign * layer.strength) * sample(layer.kind, layer.variant, along, across)
    return total
