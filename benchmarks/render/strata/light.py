"""Lamps, and the light that skin sends to the camera: what it scatters, and what its surface mirrors."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.strata.optics import DARK_KERATIN, SEBUM, colour
from benchmarks.render.strata.surface import Ground, Hairs, Pits

Plane = NDArray[np.float32]
Colours = NDArray[np.float32]

MODES = ("diffuse", "ring", "polarised", "flash", "window", "sun")

_SPREAD_MM = ((0.14, 0.55), (0.07, 0.26), (0.04, 0.13))
"""How far red, green and blue wander in skin: near and far part, as standard deviations."""
_SHARES = (0.42, 0.33, 0.25)
"""Of the light that leaves where it came in, near and far."""
_MIRRORED = 0.028
"""Of light that falls straight on skin."""
_OWN = 0.7
"""How much of a plug's colour is its own; skin shines through the rest."""
_PALE_HAIR = np.array([0.42, 0.34, 0.25], np.float32)
_DARK_HAIR = np.array([0.035, 0.026, 0.02], np.float32)


@dataclass(frozen=True, slots=True)
class Lamp:
    """One light."""

    towards: tuple[float, float, float]
    """Unit vector from the skin to it; z away from the skin."""
    strength: float
    size: float
    """0 for a point; its half width, as tangent."""


@dataclass(frozen=True, slots=True)
class Light:
    """All lamps of a photo."""

    mode: str
    lamps: tuple[Lamp, ...]
    sky: float
    """Even light from everywhere."""
    mirror: float
    """Share of the mirrored light that the camera sees; 0 behind crossed polarisers."""
    slope: tuple[float, float]
    """Change of brightness over half the photo, along x and y."""


def make_light(mode: str, rng: np.random.Generator) -> Light:
    """Lamps of one kind, somewhere."""
    turn = rng.uniform(0, 2 * np.pi)
    uneven = {"diffuse": 0.06, "ring": 0.08, "polarised": 0.08, "flash": 0.12, "window": 0.25, "sun": 0.2}[mode]
    slope = float(rng.uniform(-uneven, uneven)), float(rng.uniform(-uneven, uneven))
    if mode == "diffuse":
        strengths = rng.dirichlet(np.full(8, 30.0))
        heights = rng.uniform(25, 55, 8).tolist()
        lamps = [_lamp(turn + k * np.pi / 4, heights[k], 0.6 * strengths[k], 0.5) for k in range(8)]
        return Light(mode, tuple(lamps), 0.4, 1.0, slope)
    if mode in {"ring", "polarised"}:
        strengths = rng.dirichlet(np.full(8, 60.0))
        raised = rng.uniform(18, 35)
        lamps = [_lamp(turn + k * np.pi / 4, raised, 0.85 * strengths[k], 0.2) for k in range(8)]
        return Light(mode, tuple(lamps), 0.15, 0.03 if mode == "polarised" else 1.0, slope)
    low, high, sky, size = {"flash": (3, 14, 0.12, 0.04), "window": (30, 55, 0.45, 0.5), "sun": (25, 50, 0.3, 0.05)}[
        mode
    ]
    return Light(mode, (_lamp(turn, rng.uniform(low, high), 1 - sky, size),), sky, 1.0, slope)


def _lamp(turn: float, from_zenith_deg: float, strength: float, size: float) -> Lamp:
    angle = np.radians(from_zenith_deg)
    out = float(np.sin(angle))
    return Lamp((out * float(np.cos(turn)), out * float(np.sin(turn)), float(np.cos(angle))), strength, size)


def shine(under: Ground, light: Light, px_per_mm: float, pits: Pits | None, hair: Hairs) -> Colours:
    """Linear light at every pixel; about the colour of skin where it is flat.

    Args:
        under: the skin.
        light: what lights it.
        px_per_mm: of the photo.
        pits: its pores; None to leave them out.
        hair: what covers it.
    """
    height = under.height if pits is None else under.height + pits.height
    falls, mirrored = _fall(height, under, light, px_per_mm)
    falls *= _grooves(under.height, px_per_mm)
    own = colour(under.melanin, under.blood)
    if pits is not None:
        _fill(own, pits)
        mirrored *= 1 - np.float32(0.85) * np.maximum(pits.hidden, pits.dark)
    sent = np.empty_like(own)
    for band in range(3):
        sent[..., band] = _scatter(own[..., band], falls, band, px_per_mm, None if pits is None else pits.hidden)
    sent += mirrored[..., None]
    _cover(sent, hair, falls)
    return sent * _slope(light, falls.shape)[..., None]


def _slope(light: Light, shape: tuple[int, ...]) -> Plane:
    x = np.linspace(-1, 1, shape[1], dtype=np.float32)[None]
    y = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    return np.exp(np.float32(light.slope[0]) * x + np.float32(light.slope[1]) * y)


def _fall(height: Plane, under: Ground, light: Light, px_per_mm: float) -> tuple[Plane, Plane]:
    """Light that falls on the skin, 1 where it is flat, and light that it mirrors to the camera."""
    across = np.asarray(cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=px_per_mm / 8), np.float32)
    down = np.asarray(cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=px_per_mm / 8), np.float32)
    upright = np.asarray(1 / np.sqrt(1 + across * across + down * down), np.float32)
    falls = np.full_like(height, light.sky)
    mirrored = np.float32(0.3 * light.sky * _MIRRORED * light.mirror) * (1 + under.oil)
    broad = np.float32(0.16) - np.float32(0.1) * under.oil
    flat = light.sky
    for lamp in light.lamps:
        x, y, z = lamp.towards
        wrap = 0.5 * lamp.size
        facing = upright * (np.float32(z) - np.float32(x) * across - np.float32(y) * down)
        falls += np.float32(lamp.strength) * np.maximum((facing + wrap) / (1 + wrap), 0)
        flat += lamp.strength * (z + wrap) / (1 + wrap)
        if light.mirror:
            mirrored += np.float32(light.mirror) * _mirror(lamp, across, down, upright, broad)
    return falls / np.float32(flat), mirrored


def _mirror(lamp: Lamp, across: Plane, down: Plane, upright: Plane, broad: Plane) -> Plane:
    """Microfacets after Walter et al., EGSR 2007 (GGX); the camera is straight above."""
    x, y, z = lamp.towards
    long = np.sqrt(x * x + y * y + (z + 1) ** 2)
    half = upright * (np.float32((z + 1) / long) - np.float32(x / long) * across - np.float32(y / long) * down)
    wide = broad + np.float32((lamp.size / 3) ** 2)
    spread = np.square(half) * (wide - 1) + 1
    return np.asarray(np.float32(lamp.strength * _MIRRORED / 4) * wide / np.square(spread), np.float32)


def _grooves(height: Plane, px_per_mm: float) -> Plane:
    """Less of the sky reaches the bottom of a furrow."""
    around = _blur(height, 0.15 * px_per_mm)
    return np.asarray(1 - np.clip((around - height) * np.float32(6), -0.05, 0.5), np.float32)


def _fill(own: Colours, pits: Pits) -> None:
    for share, material in ((pits.dark, DARK_KERATIN), (pits.light, SEBUM)):
        for band in range(3):
            seen = material[band] ** _OWN * own[..., band] ** (1 - _OWN)
            own[..., band] += share * (seen - own[..., band])


def _scatter(own: Plane, falls: Plane, band: int, px_per_mm: float, hidden: Plane | None) -> Plane:
    """Light goes in through the colour's root, wanders, and comes out through it again; pits send part back inside."""
    gate = np.sqrt(own)
    if hidden is not None:
        open_ = 1 - hidden
        gate = gate * np.sqrt(open_ / (1 - own * hidden))
    enters = gate * falls
    near, far = _SPREAD_MM[band]
    stays, wanders, strays = _SHARES
    inside = np.float32(stays) * enters
    inside += np.float32(wanders) * _blur(enters, near * px_per_mm)
    inside += np.float32(strays) * _blur(enters, far * px_per_mm)
    return np.asarray(gate * inside)


def _blur(plane: Plane, sigma: float) -> Plane:
    """Gaussian; wide ones on fewer pixels."""
    step = max(1, int(sigma / 2.5))
    if step == 1:
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101))
    height, width = plane.shape
    small = cv2.resize(plane, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / step, borderType=cv2.BORDER_REFLECT_101)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def _cover(sent: Colours, hair: Hairs, falls: Plane) -> None:
    for share, material in ((hair.pale, _PALE_HAIR), (hair.dark, _DARK_HAIR)):
        if share.any():
            for band in range(3):
                sent[..., band] += share * (material[band] * falls - sent[..., band])
