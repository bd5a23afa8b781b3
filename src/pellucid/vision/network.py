"""The small network that tells pores from everything else: its file, its input, and running it over a large picture.

It is fully convolutional: it sees contrast around each place, and neither the scale nor the photo as a whole. How it
is trained stands in ``benchmarks/training``; what its answers are worth stands in the TOML beside the ONNX file.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.photo import Mask, Plane
from pellucid.vision.raster import Raster
from pellucid.vision.threads import THREADS

Floats = NDArray[np.float64]

_SHEET = "pores-1.toml"
GAINS = (8.0, 12.0)
"""What contrast and redness are multiplied by."""
CLIP = 4.0
"""Input beyond this is cut: a hair is no more of a hair for being blacker."""
CELL = 2
"""Pixels of the raster to one of the answer, each way."""
_STRIDE = 8
"""The network's coarsest grid: what it is given is a multiple of this."""
_MARGIN = 64
"""Pixels around a tile that are read but whose answer is left out: nearly as far as the network looks."""
_TILE = 1152
"""Pixels of a tile's side at most; keeps memory bounded whatever the photo's size."""
_NOTHING = -30.0
"""Logit where nothing was asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the network says of each cell of ``CELL`` x ``CELL`` raster pixels."""

    logit: Plane
    """Of there being a pore's middle; not calibrated."""
    log_diameter: Plane
    """Log of the diameter in raster pixels, of the pore that has its middle here, if any."""

    def peaks(self, least: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Places where the logit is highest among its neighbours, and at least ``least``.

        Returns:
            x and y in raster pixels, to a part of a cell; logit; log diameter.
        """
        height, width = self.logit.shape
        framed = np.pad(self.logit, 1, constant_values=_NOTHING)
        highest = cv2.dilate(framed, np.ones((3, 3), np.uint8))[1:-1, 1:-1]
        row, column = np.nonzero((self.logit >= least) & (self.logit >= highest))
        left, here, right = (framed[row + 1, column + step] for step in range(3))
        above, below = framed[row, column + 1], framed[row + 2, column + 1]
        x = np.clip(column + _vertex(left, here, right), 0, width - 1)
        y = np.clip(row + _vertex(above, here, below), 0, height - 1)
        size = self.log_diameter[row, column].astype(float)
        return (x + 0.5) * CELL - 0.5, (y + 0.5) * CELL - 0.5, here.astype(float), size


def _vertex(before: Plane, here: Plane, after: Plane) -> Floats:
    """Where the parabola through three neighbours has its top, from the middle one, within half a cell."""
    bend = np.minimum(before + after - 2 * here, np.float32(-1e-6))
    return np.asarray(np.clip((before - after) / (2 * bend), -0.5, 0.5), float)


@cache
def sheet() -> dict[str, Any]:
    """What is known of the network: version, hash of its file, calibration, threshold."""
    return tomllib.loads((files("pellucid.vision") / "data" / _SHEET).read_text(encoding="utf-8"))


@cache
def _session() -> Any:
    import onnxruntime  # noqa: PLC0415 - half a second, and only photos need it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    # Threads that wait by spinning take the time of whatever else the machine does, and gain next to nothing.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    model = (files("pellucid.vision") / "data" / str(sheet()["file"])).read_bytes()
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def network_input(absorbance: Plane, redness: Plane) -> NDArray[np.float32]:
    """Bring high-passed planes to what the network takes: (2, height, width)."""
    both = np.stack([absorbance * np.float32(GAINS[0]), redness * np.float32(GAINS[1])])
    return np.clip(both, -CLIP, CLIP, out=both)


def answer(raster: Raster) -> Answer:
    """Run the network over the skin of a raster, tile by tile.

    Returns:
        planes of half the raster's height and width, rounded up.
    """
    height, width = raster.skin.shape
    rows, columns = -(-height // CELL), -(-width // CELL)
    logit = np.full((rows, columns), _NOTHING, np.float32)
    log_diameter = np.zeros((rows, columns), np.float32)
    for top, bottom in _cuts(raster.skin, 0):
        for left, right in _cuts(raster.skin, 1):
            if not raster.skin[top:bottom, left:right].any():
                continue
            out = _run(_cut(raster, top, bottom, left, right))
            cells = slice(top // CELL, -(-bottom // CELL)), slice(left // CELL, -(-right // CELL))
            inner = (
                slice(_MARGIN // CELL, _MARGIN // CELL + cells[0].stop - cells[0].start),
                slice(_MARGIN // CELL, _MARGIN // CELL + cells[1].stop - cells[1].start),
            )
            logit[cells], log_diameter[cells] = out[0][inner], out[1][inner]
    return Answer(logit, log_diameter)


def _cuts(skin: Mask, axis: int) -> Iterator[tuple[int, int]]:
    """Cut a side, from where skin begins to where it ends, into equal tiles, at multiples of the stride.

    A cell beyond the skin is in: what is likelier there than on the skin's edge is no peak of the edge.
    """
    there = np.flatnonzero(skin.any(axis=1 - axis))
    if not len(there):
        return
    begin = max(int(there[0]) - CELL, 0) // _STRIDE * _STRIDE
    end = min(int(there[-1]) + 1 + CELL, skin.shape[axis])
    count = -(-(end - begin) // _TILE)
    side = -(-(end - begin) // (count * _STRIDE)) * _STRIDE
    for start in range(begin, end, side):
        yield start, min(start + side, end)


def _cut(raster: Raster, top: int, bottom: int, left: int, right: int) -> NDArray[np.float32]:
    """A tile with its margin; beyond the picture lies level skin."""
    height, width = raster.skin.shape
    tile = np.zeros((2, _padded(bottom - top), _padded(right - left)), np.float32)
    rows = slice(max(top - _MARGIN, 0), min(bottom + _MARGIN, height))
    columns = slice(max(left - _MARGIN, 0), min(right + _MARGIN, width))
    part = network_input(raster.absorbance[rows, columns], raster.redness[rows, columns])
    down, across = rows.start - top + _MARGIN, columns.start - left + _MARGIN
    fits = part[:, : tile.shape[1] - down, : tile.shape[2] - across]
    tile[:, down : down + fits.shape[1], across : across + fits.shape[2]] = fits
    return tile


def _padded(length: int) -> int:
    return -(-(length + 2 * _MARGIN) // _STRIDE) * _STRIDE


def _run(tile: NDArray[np.float32]) -> Plane:
    return np.asarray(_session().run(None, {"contrast": tile[np.newaxis]})[0][0], np.float32)
