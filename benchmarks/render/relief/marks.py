"""Whatever on skin may be taken for a pore but is none: spots, bumps, hairs, flakes, glints; and how it is drawn."""

from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.render.relief.chance import Rng, many_within, within
from benchmarks.render.relief.pits import Pits
from benchmarks.render.relief.view import Floats, Plane, View, placed


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Rows of x, y, radius, strength for spots; of x, y, angle, length, width, curl, strength for strokes.

    Millimetres, radians and logs of light.
    """

    freckles: Floats
    moles: Floats
    papules: Floats
    milia: Floats
    flakes: Floats
    glints: Floats
    """Where oil mirrors the lamp; strength is light beside white's."""
    hairs: Floats
    stubble: Floats
    creases: Floats
    scratches: Floats


def draw_marks(rng: Rng, pits: Pits, extent: float, *, distractors: bool) -> Marks:
    """Draw the marks of a skin.

    Args:
        rng: where chance comes from.
        pits: next to which some of the glints and the stubble are.
        extent: side of the square, millimetres.
        distractors: whether there are any.
    """

    def some(chance: float, most: float) -> int:
        """How many on the whole square; ``most`` a square centimetre."""
        wanted = rng.random() < chance
        return int(rng.random() * most * extent**2 / 100) if wanted and distractors else 0

    def spots(count: int, radius: tuple[float, float], strength: tuple[float, float]) -> Floats:
        places = rng.uniform(-extent / 2, extent / 2, (count, 2))
        return np.column_stack([places, many_within(rng, radius, count), many_within(rng, strength, count)])

    def strokes(count: int, length: tuple[float, float], width: tuple[float, float]) -> Floats:
        return _strokes(rng, extent, count, length, width)

    shine = within(rng, 0.05, 0.6)
    return Marks(
        freckles=spots(some(0.4, 14), (0.18, 1.4), (0.05, 0.5)),
        moles=spots(some(0.15, 0.5), (0.4, 1.6), (0.3, 1.3)),
        papules=spots(some(0.3, 0.7), (0.4, 1.8), (0.15, 0.9)),
        milia=spots(some(0.1, 1.5), (0.2, 0.6), (0.05, 0.3)),
        flakes=spots(some(0.25, 10), (0.03, 0.35), (0.04, 0.25)),
        glints=_beside(rng, pits, spots(some(0.4, 120), (0.015, 0.09), (0.1 * shine, shine))),
        hairs=_mixed(rng, strokes(some(0.55, 12), (0.8, 8.0), (0.012, 0.055)), (0.05, 0.9), fair=0.4),
        stubble=_beside(
            rng, pits, _mixed(rng, strokes(some(0.25, 70), (0.03, 0.7), (0.04, 0.11)), (0.15, 1.4), fair=0.0)
        ),
        creases=_mixed(rng, strokes(some(0.35, 3), (4, 30), (0.06, 0.3)), (0.02, 0.15), fair=0.0),
        scratches=_mixed(rng, strokes(some(0.08, 1.5), (2, 15), (0.05, 0.2)), (0.1, 0.8), fair=0.3),
    )


def _strokes(rng: Rng, extent: float, count: int, length: tuple[float, float], width: tuple[float, float]) -> Floats:
    """Strokes without strength: that of the seventh column is 1."""
    heading, spread, curl = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 1.5), rng.uniform(0.1, 0.9)
    return np.column_stack(
        [
            rng.uniform(-extent / 2, extent / 2, (count, 2)),
            heading + rng.normal(0, spread, count),
            many_within(rng, length, count),
            many_within(rng, width, count),
            rng.normal(0, curl, count),
            np.ones(count),
        ]
    )


def _mixed(rng: Rng, strokes: Floats, strength: tuple[float, float], *, fair: float) -> Floats:
    """Give strokes their strength; ``fair`` is the share of skins on which most of them are lighter than the skin."""
    strokes[:, -1] = many_within(rng, strength, len(strokes)) * within(rng, 0.4, 1.0)
    lighter = rng.random(len(strokes)) < (0.8 if rng.random() < fair else 0.1 * (fair > 0))
    strokes[lighter, -1] *= -0.4
    return strokes


def _beside(rng: Rng, pits: Pits, marks: Floats) -> Floats:
    """Move a share of marks to pores: oil gathers at their rims, hairs grow out of them."""
    if len(pits) and len(marks):
        moved = np.flatnonzero(rng.random(len(marks)) < rng.choice([0.0, 0.15, 0.4]))
        of = rng.integers(0, len(pits), len(moved))
        angle, gap = rng.uniform(0, 2 * np.pi, len(moved)), pits.diameter[of] * rng.uniform(0, 0.7, len(moved))
        marks[moved, 0] = pits.x[of] + gap * np.cos(angle)
        marks[moved, 1] = pits.y[of] + gap * np.sin(angle)
    return marks


@dataclass(frozen=True, slots=True, eq=False)
class MarkPlanes:
    """What marks do to the skin."""

    shade: Plane
    """Log of light taken away, of all colours alike."""
    melanin: Plane
    """Optical density in green light."""
    blood: Plane
    """Beside the skin's own."""
    height: Plane
    """Millimetres."""
    glint: Plane
    """Light, beside white's."""


def stamp_marks(marks: Marks, view: View) -> MarkPlanes:
    """Draw marks as a view sees them."""
    planes = MarkPlanes(*np.zeros((5, view.side, view.side), np.float32))
    draw_spots(marks.freckles, view, planes.melanin, edge=2.2)
    draw_spots(marks.moles, view, planes.melanin, edge=5.0)
    draw_spots(marks.papules, view, planes.blood, edge=2.5, times=2.0)
    draw_spots(marks.papules, view, planes.height, edge=2.0, times=0.15)
    draw_spots(marks.milia, view, planes.shade, edge=3.0, times=-1.0)
    draw_spots(marks.milia, view, planes.height, edge=2.0, times=0.2)
    draw_spots(marks.flakes, view, planes.shade, edge=4.0, times=-1.0, wobble=1.8)
    draw_spots(marks.glints, view, planes.glint, edge=3.0)
    for strokes in (marks.hairs, marks.stubble, marks.creases):
        draw_strokes(strokes, view, planes.shade)
    draw_strokes(marks.scratches, view, planes.blood)
    return planes


def draw_spots(
    spots: Floats, view: View, plane: Plane, *, edge: float, times: float = 1.0, wobble: float = 1.0
) -> None:
    """Add spots to a plane.

    Args:
        spots: x, y, radius, strength.
        view: from where they are seen.
        plane: what they are added to.
        edge: exponent of the profile.
        times: factor of the strength.
        wobble: how uneven the outlines are.
    """
    px, py = view.to_px(spots[:, 0], spots[:, 1])
    for x, y, radius, strength, bumps in zip(
        px, py, spots[:, 2] * view.px_per_mm, spots[:, 3], spots[:, 0] * 9.7, strict=True
    ):
        # A spot finer than a pixel dims its pixel less.
        seen = max(radius, 0.6)
        rows, columns = placed(plane, x, y, 2.5 * seen + 1)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            continue
        down = np.arange(rows.start, rows.stop, dtype=np.float32)[:, np.newaxis] - np.float32(y)
        right = np.arange(columns.start, columns.stop, dtype=np.float32) - np.float32(x)
        angle = np.arctan2(down, right)
        uneven = 0.2 * np.sin(2 * angle + bumps) + 0.12 * np.sin(3 * angle + 3 * bumps)
        gap = np.hypot(down, right) / (seen * (1 + wobble * uneven))
        plane[rows, columns] += np.float32(strength * times * (radius / seen) ** 2) * np.exp(-(gap**edge))


def draw_strokes(strokes: Floats, view: View, plane: Plane) -> None:
    """Add curved strokes to a plane; rows of x, y, angle, length, width, curl, strength."""
    if not len(strokes):
        return
    layer = np.zeros_like(plane)
    steps = np.linspace(0, 1, 10)
    for x, y, angle, length, width, curl, strength in strokes:
        heading = angle + curl * steps
        path_x = x + length * np.cumsum(np.cos(heading)) / len(steps)
        path_y = y + length * np.cumsum(np.sin(heading)) / len(steps)
        px, py = view.to_px(path_x, path_y)
        if px.max() < 0 or py.max() < 0 or px.min() > view.side or py.min() > view.side:
            continue
        wide = max(width * view.px_per_mm, 0.05)
        points = np.rint(np.stack([px, py], axis=1) * 16).astype(np.int32)
        drawn = max(1, round(wide))
        # A hair finer than a pixel dims its pixels less.
        share = float(strength * min(1.0, wide / drawn))
        cv2.polylines(layer, [points], isClosed=False, color=share, thickness=drawn, lineType=cv2.LINE_AA, shift=4)
    plane += cv2.GaussianBlur(layer, (0, 0), 0.5)
