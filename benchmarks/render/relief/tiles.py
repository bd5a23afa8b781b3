"""Noise and networks of lines as seamless tiles, from which any texture is cut: turned, stretched, shrunk."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Plane = NDArray[np.float32]

SIDE = 1024
"""Pixels of a tile's side. A tile has no scale of its own: one of its units is one cell of its pattern."""
CELLS = 24
"""Cells of the pattern along a side."""
KINDS = ("cloud", "grain", "net", "bent_net", "ridges", "long_net")


@cache
def tile(kind: str, variant: int) -> Plane:
    """A seamless tile: (SIDE, SIDE).

    ``cloud`` and ``grain`` have mean 0 and standard deviation 1; the networks run from 0 to 1, 1 in the line.
    """
    rng = np.random.default_rng([KINDS.index(kind), variant])
    if kind == "cloud":
        return _noise(rng, 0.0)
    if kind == "grain":
        return _noise(rng, 1.0)
    if kind == "ridges":
        field = np.abs(_noise(rng, 0.0))
        return np.asarray(np.exp(-((field / 0.12) ** 2)), np.float32)
    return _net(rng, bend=0.25 if kind == "bent_net" else 0.08, stretch=2.2 if kind == "long_net" else 1.0)


def sample(kind: str, variant: int, x: Plane, y: Plane) -> Plane:
    """A tile at places counted in cells of its pattern."""
    scale = np.float32(SIDE / CELLS)
    return np.asarray(
        cv2.remap(
            tile(kind, variant), x * scale % SIDE, y * scale % SIDE, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
        ),
        np.float32,
    )


def _noise(rng: np.random.Generator, finer: float) -> Plane:
    """Noise whose coarsest waves are a cell long, each octave as strong as the last to the power of ``finer``."""
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)) * SIDE / CELLS
    decay = 1.6 if finer else 3.0
    longest = 0.5
    height = np.where(frequency > longest, np.maximum(frequency, longest) ** -decay, 0.0)
    spectrum = np.fft.rfft2(rng.standard_normal((SIDE, SIDE))) * height
    field = np.fft.irfft2(spectrum, s=(SIDE, SIDE))
    return np.asarray((field - field.mean()) / field.std(), np.float32)


def _net(rng: np.random.Generator, *, bend: float, stretch: float) -> Plane:
    """Borders between the cells around random points; wraps round."""
    count = (CELLS, round(CELLS / stretch))
    grid = np.stack(np.meshgrid(np.arange(count[0]), np.arange(count[1])), axis=-1).reshape(-1, 2)
    points = (grid + rng.uniform(0.1, 0.9, grid.shape)) * SIDE / np.array(count)
    shifts = [(dx, dy) for dx in (-SIDE, 0, SIDE) for dy in (-SIDE, 0, SIDE)]
    around = np.concatenate([points + shift for shift in shifts])
    y, x = np.mgrid[0:SIDE:2, 0:SIDE:2].astype(np.float32)
    cell = SIDE / CELLS
    wave = [cv2.resize(_noise(rng, 0.0), (SIDE // 2, SIDE // 2)) * bend * cell for _ in range(2)]
    near = np.asarray(cKDTree(around).query(np.stack([x + wave[0], y + wave[1]], axis=-1), k=3)[0])
    line = np.exp(-(((near[..., 1] - near[..., 0]) / (rng.uniform(0.12, 0.3) * cell)) ** 2))
    # Where three furrows meet they are deepest: of all that skin has, this looks most like pores.
    line *= 1 - rng.uniform(0, 0.5) * (1 - np.exp(-(((near[..., 2] - near[..., 0]) / (0.3 * cell)) ** 2)))
    line = line.astype(np.float32)
    return np.asarray(cv2.resize(line, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32)
