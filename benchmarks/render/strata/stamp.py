"""Small things are drawn many at a time: each in a square of its own, in its own axes, then laid on the photo."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.render.strata.pose import Pose

Numbers = NDArray[np.float64]
Plane = NDArray[np.float32]
Draw = Callable[[Plane, Plane, NDArray[np.int64]], Sequence[Plane]]
"""Millimetres along and across each thing's axis, and which things these are, to the values of every map."""

_MOST = 3_000_000
"""Values in one go."""


@dataclass(frozen=True, slots=True, eq=False)
class Things:
    """Where things lie."""

    x: Numbers
    y: Numbers
    angle: Numbers
    reach: Numbers
    """Millimetres from the middle beyond which nothing of it is seen."""


def stamp(things: Things, pose: Pose, maps: Sequence[Plane], draw: Draw) -> None:
    """Lay things on maps, where several meet the strongest (furthest from 0) holds."""
    across, down = pose.project(things.x, things.y)
    half = np.ceil(things.reach * pose.px_per_mm * 1.1).astype(int) + 1
    inside = (across > -half) & (across < pose.shape[1] + half) & (down > -half) & (down < pose.shape[0] + half)
    to_mm = np.linalg.inv(pose.frames(things.x, things.y))
    for rows, side in _batches(np.flatnonzero(inside), half):
        x0 = np.rint(across[rows]).astype(int) - side
        y0 = np.rint(down[rows]).astype(int) - side
        grid = np.arange(2 * side + 1)
        dx = (x0[:, None] + grid - across[rows, None])[:, None, :]
        dy = (y0[:, None] + grid - down[rows, None])[:, :, None]
        cos, sin = np.cos(things.angle[rows]), np.sin(things.angle[rows])
        turn = np.stack([np.stack([cos, sin], 1), np.stack([-sin, cos], 1)], 1) @ to_mm[rows]
        axes = turn.astype(np.float32)[..., None, None]
        dx, dy = dx.astype(np.float32), dy.astype(np.float32)
        values = draw(axes[:, 0, 0] * dx + axes[:, 0, 1] * dy, axes[:, 1, 0] * dx + axes[:, 1, 1] * dy, rows)
        _lay(maps, values, x0, y0)


def _batches(rows: NDArray[np.int64], half: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Things of about one size together."""
    sizes = np.ceil(2 ** (np.ceil(2 * np.log2(half[rows])) / 2)).astype(int)
    for side in np.unique(sizes).tolist():
        alike = rows[sizes == side]
        step = max(1, _MOST // (2 * side + 1) ** 2)
        for start in range(0, len(alike), step):
            yield alike[start : start + step], side


def _lay(maps: Sequence[Plane], values: Sequence[Plane], x0: NDArray[np.int64], y0: NDArray[np.int64]) -> None:
    height, width = maps[0].shape
    side = values[0].shape[-1]
    for row, (left, top) in enumerate(zip(x0.tolist(), y0.tolist(), strict=True)):
        low, high = max(top, 0), min(top + side, height)
        first, last = max(left, 0), min(left + side, width)
        if low >= high or first >= last:
            continue
        for under, over in zip(maps, values, strict=True):
            part = under[low:high, first:last]
            new = over[row, low - top : high - top, first - left : last - left]
            np.copyto(part, new, where=np.abs(new) > np.abs(part))
