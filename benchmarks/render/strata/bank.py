"""Random textures that repeat, made once a process; every skin cuts its own from them by place, turn and size."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Kind = Literal["wave", "cloud", "grain"]

SIDE = 1024
WAVES = 51
"""Of the narrow-band texture, along a side."""
FINEST_OF_CLOUD = 60


@dataclass(frozen=True, slots=True)
class Cut:
    """Where, how turned and how large a texture lies on the skin."""

    kind: Kind
    period_mm: float
    """After which it repeats."""
    turn: float
    """Radians."""
    shift: tuple[float, float]
    """Parts of the period."""
    stretch: float = 1.0
    """Length over width of what is seen in it."""


def cut(kind: Kind, grain_mm: float, rng: np.random.Generator, *, turn: float | None = None, stretch: float = 1) -> Cut:
    """A random cut in which one wave, or the smallest grain of a cloud, is ``grain_mm`` wide."""
    waves = {"wave": WAVES, "cloud": FINEST_OF_CLOUD, "grain": SIDE / 4}[kind]
    angle = float(rng.uniform(0, 2 * np.pi)) if turn is None else turn
    x, y = rng.random(2).tolist()
    return Cut(kind, grain_mm * waves, angle, (x, y), stretch)


def sample(texture: Cut, x_mm: Plane, y_mm: Plane) -> Plane:
    """The texture at places on the skin: mean 0, variance 1."""
    cos, sin = np.cos(texture.turn), np.sin(texture.turn)
    scale = SIDE / texture.period_mm
    wide = np.sqrt(texture.stretch)
    across = np.float32(cos * scale / wide) * x_mm + np.float32(sin * scale / wide) * y_mm
    along = np.float32(-sin * scale * wide) * x_mm + np.float32(cos * scale * wide) * y_mm
    return cv2.remap(
        _tile(texture.kind),
        _wrapped(across, texture.shift[0]),
        _wrapped(along, texture.shift[1]),
        cv2.INTER_LINEAR,
    ).astype(np.float32, copy=False)


def _wrapped(at: Plane, shift: float) -> Plane:
    at += np.float32(shift * SIDE)
    at -= np.floor(at / SIDE) * np.float32(SIDE)
    return at


@cache
def _tile(kind: Kind) -> Plane:
    """One period, with its first row and column once more at the end."""
    rng = np.random.default_rng({"wave": 1, "cloud": 2, "grain": 3}[kind])
    turns = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None]) * SIDE
    if kind == "wave":
        power = np.exp(-(((turns - WAVES) / (0.22 * WAVES)) ** 2))
    elif kind == "cloud":
        power = np.where(turns >= 1, np.maximum(turns, 1) ** -1.4, 0) * np.exp(-((turns / FINEST_OF_CLOUD) ** 2))
    else:
        power = np.exp(-((turns / (SIDE / 4)) ** 2)) * (turns >= 1)
    tile = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((SIDE, SIDE))) * power, s=(SIDE, SIDE))
    return np.pad(((tile - tile.mean()) / tile.std()).astype(np.float32), ((0, 1), (0, 1)), mode="wrap")
