"""How the surface of a piece of skin sends light to the camera, before any lens."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.relief.camera import SEEN, Camera
from benchmarks.render.relief.skin import Skin
from benchmarks.render.relief.surface import Surface
from benchmarks.render.relief.view import Plane, View, softened

Light = NDArray[np.float32]

MELANIN = np.array([0.60, 1.0, 1.20], np.float32)
"""Optical density of red, green and blue beside green's."""
BLOOD = np.array([0.10, 1.0, 0.75], np.float32)
DERMIS = np.array([0.02, 0.16, 0.34], np.float32)
"""Optical density of skin without melanin and blood: yellowish."""
TRANSLUCENT_MM = (0.35, 0.15, 0.10)
"""How far red, green and blue light spreads below the surface."""
WHITE = 0.5
"""Light of skin without pigment, beside that of white paper."""


def lit(skin: Skin, surface: Surface, shot: Camera, view: View, *, pores: bool) -> Light:
    """Light that leaves the skin towards the camera.

    Args:
        skin: its translucence and oil.
        surface: its planes.
        shot: the lamp.
        view: the scale.
        pores: with pores or as if there were none.

    Returns:
        (side, side, 3), linear; 1 is white paper.
    """
    pits = surface.pits
    height = surface.height + pits.height if pores else surface.height
    slopes = [
        np.asarray(cv2.Sobel(height, cv2.CV_32F, *axis, scale=view.px_per_mm / 8), np.float32)
        for axis in ((1, 0), (0, 1))
    ]
    norm = np.asarray(1 / np.sqrt(1 + slopes[0] ** 2 + slopes[1] ** 2), np.float32)
    density = _density(skin, surface, pores=pores)
    below = _diffuse(skin, surface, shot, view, slopes, norm)[..., np.newaxis] * np.exp(-density)
    for channel, reach in enumerate(TRANSLUCENT_MM):
        deep = softened(below[..., channel], max(reach * view.px_per_mm, 0.3))
        below[..., channel] += np.float32(skin.translucent) * (deep - below[..., channel])
    mirrored = _mirrored(skin, shot, slopes, norm) + np.float32(0.5 * shot.gloss + 0.1) * surface.glint
    if pores:
        # A hole mirrors nothing.
        mirrored = mirrored * np.exp(-2 * np.maximum(pits.lost, 0))
    light = np.float32(WHITE) * below + mirrored[..., np.newaxis]
    if surface.cover is not None:
        share, instead = surface.cover
        light += share[..., np.newaxis] * (instead * np.float32(WHITE) - light)
    return np.asarray(light, np.float32)


def _density(skin: Skin, surface: Surface, *, pores: bool) -> Light:
    """Log of light lost in and on the skin, for each colour."""
    density = surface.melanin[..., np.newaxis] * MELANIN + (surface.shade[..., np.newaxis] + DERMIS)
    blood = surface.blood
    if pores:
        pits = surface.pits
        tint = np.array(skin.pit_tint, np.float32)
        density += pits.lost[..., np.newaxis] * (tint / (tint @ SEEN))
        density += pits.brown[..., np.newaxis] * (MELANIN / (MELANIN @ SEEN))
        blood = blood + pits.blood
    density += blood[..., np.newaxis] * BLOOD
    return np.asarray(density, np.float32)


def _diffuse(skin: Skin, surface: Surface, shot: Camera, view: View, slopes: list[Plane], norm: Plane) -> Plane:
    """Light that falls in, beside that on a flat place: from everywhere, less in furrows, and from the lamp."""
    facing = -(slopes[0] * np.float32(shot.light[0]) + slopes[1] * np.float32(shot.light[1])) + np.float32(
        shot.light[2]
    )
    direct = np.clip(facing * norm / np.float32(shot.light[2]), 0, 2.5)
    around = softened(surface.height, max(0.25 * view.px_per_mm, 1))
    hidden = np.clip((around - surface.height) * np.float32(skin.hollow), -0.1, 0.5)
    return np.asarray(shot.ambient * np.exp(-hidden) + (1 - shot.ambient) * direct, np.float32)


def _mirrored(skin: Skin, shot: Camera, slopes: list[Plane], norm: Plane) -> Plane:
    """What the surface mirrors: lamps glint on slopes that face between lamp and camera."""
    half = np.array([shot.light[0], shot.light[1], shot.light[2] + 1])
    half = (half / np.linalg.norm(half)).astype(np.float32)
    facing = np.maximum((-slopes[0] * half[0] - slopes[1] * half[1] + half[2]) * norm, 0)
    glint = shot.gloss * (0.05 + 0.35 * skin.oil) * (1 - shot.ambient) * facing ** (8 + 50 * skin.oil)
    return np.asarray(glint + shot.haze, np.float32)
