"""What lies before the skin or beside it: background, lips, brows, nostrils, printed paper. Placed in the picture."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.relief.chance import Rng, within
from benchmarks.render.relief.marks import draw_strokes
from benchmarks.render.relief.view import Floats, Plane, View

KINDS = ("none", "edge", "lips", "brow", "nostril", "card")
SHARES = (0.72, 0.1, 0.04, 0.05, 0.04, 0.05)


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """One thing that is no skin."""

    kind: str
    seed: int
    angle: float
    """Radians: where it lies from the middle of the picture."""
    inset: float
    """Where its edge runs: 0 in the middle of the picture, 1 at its rim."""


def draw_cover(rng: Rng, *, wanted: bool) -> Cover:
    """Draw what stands beside the skin, mostly nothing."""
    kind = str(rng.choice(KINDS, p=SHARES))
    return Cover(
        kind=kind if wanted else "none",
        seed=int(rng.integers(2**31)),
        angle=float(rng.uniform(0, 2 * np.pi)),
        inset=float(rng.uniform(0.25, 0.95)),
    )


def place_cover(cover: Cover, view: View, x: Plane, y: Plane) -> tuple[Plane, NDArray[np.float32]] | None:
    """Draw a cover.

    Args:
        cover: what it is.
        view: the camera.
        x: millimetres on the skin of each pixel.
        y: as x.

    Returns:
        How much of each pixel it covers, (side, side), and its light in the skin's stead, (side, side, 3); None
        without one.
    """
    if cover.kind == "none":
        return None
    rng = np.random.default_rng(cover.seed)
    half = view.side / view.px_per_mm / 2
    cos, sin = np.float32(np.cos(cover.angle)), np.float32(np.sin(cover.angle))
    out, along = (cos * x + sin * y) / np.float32(half), (cos * y - sin * x) / np.float32(half)
    wave = rng.uniform(0, 0.08) * np.sin(along * rng.uniform(1, 5) + rng.uniform(0, 6))
    bend = rng.uniform(-0.3, 0.3) * along**2
    if cover.kind == "nostril":
        gap = 1 - np.hypot((out - 1) / (1 - cover.inset + 0.05), along / rng.uniform(0.2, 0.8))
    elif cover.kind == "card":
        gap = out - cover.inset
    else:
        gap = out - cover.inset + wave + bend
    soft = within(rng, 0.3, 12) if cover.kind in {"edge", "nostril", "lips"} else 0.7
    if cover.kind == "brow":
        return _brow(rng, view, gap, half)
    share = 1 / (1 + np.exp(np.clip(-gap * half * view.px_per_mm / soft, -30, 30)))
    return share.astype(np.float32), _light(rng, cover.kind, along * half, gap * half, x.shape)


def _light(rng: Rng, kind: str, along: Floats, deep: Floats, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """What a cover looks like; millimetres along its edge and beyond it."""
    if kind == "card":
        return _print(rng, along, deep)
    if kind == "lips":
        lines = 1 + rng.uniform(0.05, 0.3) * np.sin(along * rng.uniform(3, 9) + 0.5 * np.sin(deep * 2))
        colour = np.array([0.45, 0.16, 0.15]) * rng.uniform(0.4, 1.2)
        return np.asarray(lines[..., np.newaxis] * colour, np.float32)
    if kind == "nostril":
        return np.broadcast_to(np.array([0.05, 0.02, 0.015], np.float32) * np.float32(rng.uniform(0.2, 2)), (*shape, 3))
    bright = rng.choice([0.004, within(rng, 0.01, 0.9), 0.9])
    colour = bright * np.exp(rng.normal(0, rng.choice([0.05, 0.6]), 3))
    return np.broadcast_to(np.minimum(colour, 1).astype(np.float32), (*shape, 3))


def _print(rng: Rng, along: Floats, deep: Floats) -> NDArray[np.float32]:
    """Draw paper with squares, rulers or dots."""
    step = within(rng, 0.5, 4)
    marks = (
        (along % step < step / 2) ^ (deep % step < step / 2),
        (along % 1 < 0.15) & (deep % 3 < 1.5),  # noqa: PLR2004 - a ruler's lines
        np.hypot(along % step - step / 2, deep % step - step / 2) < step * rng.uniform(0.1, 0.4),
    )
    ink = marks[int(rng.integers(3))] & (deep > 1)
    paper = np.where(ink[..., np.newaxis], np.float32(0.03), np.float32(0.85))
    return np.asarray(paper, np.float32)


def _brow(rng: Rng, view: View, gap: Floats, half: float) -> tuple[Plane, NDArray[np.float32]]:
    """Hairs over a band of skin; between them skin shows, but no one counts pores there."""
    count = int(min(1500, 8 * half * half))
    places = rng.uniform(-1.2, 1.2, (count, 2)) * half
    back = np.linalg.inv(view.to_picture) @ np.array([view.side / 2, view.side / 2, 1])
    heading = rng.uniform(0, 2 * np.pi)
    hairs = np.column_stack(
        [
            places + back[:2] / back[2],
            heading + rng.normal(0, 0.25, count),
            rng.uniform(2, 7, count),
            rng.uniform(0.05, 0.1, count),
            rng.normal(0, 0.3, count),
            np.ones(count),
        ]
    )
    drawn = np.zeros(gap.shape, np.float32)
    draw_strokes(hairs, view, drawn)
    band = (gap > 0).astype(np.float32)
    share = np.asarray(cv2.GaussianBlur(band, (0, 0), 2) * np.clip(drawn, 0, 1), np.float32)
    colour = np.array([0.06, 0.035, 0.02], np.float32) * np.float32(within(rng, 0.2, 3))
    return share, np.broadcast_to(colour, (*gap.shape, 3))


def skin_left(cover: Cover, share: Plane, view: View) -> NDArray[np.bool_]:
    """Where skin shows that pores are counted on."""
    reach = 1.0 if cover.kind == "brow" else 0.2
    size = 2 * max(1, round(reach * view.px_per_mm)) + 1
    return np.asarray(cv2.dilate((share > 0.05).astype(np.uint8), np.ones((size, size), np.uint8)) == 0)  # noqa: PLR2004 - a trace
