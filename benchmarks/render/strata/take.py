"""One photo of a piece of skin, and what it is known to show."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.strata.camera import Camera, blur, exposure, log_light, make_camera, plain, shot
from benchmarks.render.strata.card import lay_card
from benchmarks.render.strata.light import Light, make_light, shine
from benchmarks.render.strata.pose import Pose, stand
from benchmarks.render.strata.skin import OVAL, PLUGS, TEARDROP, Pores, Skin
from benchmarks.render.strata.surface import ground, hairs, pits
from benchmarks.render.truth import Scene, TruePore

Plane = NDArray[np.float32]

FINE_PX_PER_MM = 24.0
"""Least resolution at which skin is drawn."""
NOISE_MM = 0.6
"""Half width of the square in which noise near a pore is measured."""
GUIDED_LIGHT = ("diffuse", "ring", "polarised")
PHONE_LIGHT = ("flash", "window", "sun", "diffuse")


def take(
    skin: Skin,
    seed: int,
    *,
    px_per_mm: float,
    guided: bool = True,
    size_px: int | tuple[int, int] = 512,
    pores_scaled: float = 1.0,
    keep_pores: NDArray[np.bool_] | None = None,
    light: str | None = None,
    card: bool = False,
    tilt_deg: float | None = None,
    centre_mm: tuple[float, float] | None = None,
    roll_deg: float | None = None,
    **camera: Any,
) -> Scene:
    """Photograph a piece of skin.

    Args:
        skin: what is photographed.
        seed: draws stand, light, camera and noise.
        px_per_mm: in the middle of the photo.
        guided: a close-up camera under good light; else a phone in a hand.
        size_px: side of the photo, or its height and width; even.
        pores_scaled: factor on every diameter, depth with it.
        keep_pores: which pores of the skin are there; None for all.
        light: one of ``light.MODES``; None to draw one that fits.
        card: whether the card lies on the skin.
        tilt_deg: between skin and sensor; None to draw one.
        centre_mm: place on the skin in the middle of the photo; None for one near the middle of the skin.
        roll_deg: turn of the camera; None for a small one.
        camera: fields of ``Camera`` that are to be as said, such as ``psf_sigma_px``.
    """
    rng = np.random.default_rng([seed, 11])
    shape = (size_px, size_px) if isinstance(size_px, int) else size_px
    centre = (float(rng.normal(0, 0.8)), float(rng.normal(0, 0.8)))
    roll, tilt = float(rng.normal(0, 3)), float(abs(rng.normal(0, 2 if guided else 6)))
    pose = stand(
        px_per_mm,
        shape,
        centre_mm=centre if centre_mm is None else centre_mm,
        roll_deg=roll if roll_deg is None else roll_deg,
        tilt_deg=min(tilt, 20) if tilt_deg is None else tilt_deg,
        tilt_towards_deg=float(rng.uniform(0, 360)),
        distance_mm=float(rng.uniform(90, 140) if guided else rng.uniform(120, 280)),
    )
    drawn = str(rng.choice(GUIDED_LIGHT if guided else PHONE_LIGHT))
    lit = make_light(light or drawn, rng)
    device = replace(make_camera(rng, guided=guided), **camera)
    pores = skin.pores if keep_pores is None else skin.pores.only(np.flatnonzero(keep_pores))
    pores = replace(pores, diameter=pores.diameter * pores_scaled)
    return _photographed(skin, pores, pose, lit, device, rng, guided=guided, card=card, seed=seed)


def _photographed(
    skin: Skin,
    pores: Pores,
    pose: Pose,
    lit: Light,
    device: Camera,
    rng: np.random.Generator,
    *,
    guided: bool,
    card: bool,
    seed: int,
) -> Scene:
    finer = max(1, int(np.ceil(FINE_PX_PER_MM / pose.px_per_mm)))
    fine, size = pose.finer(finer), (pose.shape[1], pose.shape[0])
    under, hair = ground(skin, fine), hairs(skin, fine)
    bare = shine(under, lit, fine.px_per_mm, None, hair)
    full = shine(under, lit, fine.px_per_mm, pits(pores, fine), hair) if len(pores) else bare
    gain = np.float32(exposure(bare, device))
    covered, corners = np.zeros(pose.shape, bool), None
    if card:
        covered, corners = lay_card((bare,) if full is bare else (bare, full), fine, pose, float(gain), rng)
    seen = blur(full * gain, device, finer, size)
    clean = log_light(plain(seen, device))
    without = log_light(plain(blur(bare * gain, device, finer, size), device)) if len(pores) else clean
    pixels = shot(seen, device, rng)
    noise = _local_noise(log_light(pixels) - clean, pose.px_per_mm)
    return Scene(
        pixels=pixels,
        px_per_mm=pose.px_per_mm,
        pores=tuple(_truth(pores, pose, clean - without, noise, device.psf_sigma_px)),
        skin=~covered & (hair_free(hair.dark, size)),
        psf_sigma_px=device.psf_sigma_px,
        phototype=skin.phototype,
        settings={
            "skin": skin.seed,
            "seed": seed,
            "guided": guided,
            "light": lit.mode,
            "tilt_deg": pose.tilt_deg,
            "noise": float(np.median(noise)),
            "mm_to_px": pose.mm_to_px.tolist(),
            "change": clean - without,
        },
        card_corners_px=corners,
    )


def hair_free(cover: Plane, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels that dark hair doesn't cover."""
    return np.asarray(cv2.resize(cover, size, interpolation=cv2.INTER_AREA) < 0.5)  # noqa: PLR2004 - half


def _local_noise(gap: Plane, px_per_mm: float) -> Plane:
    side = 2 * max(8, round(NOISE_MM * px_per_mm)) + 1
    mean = cv2.boxFilter(gap, -1, (side, side), borderType=cv2.BORDER_REFLECT_101)
    power = cv2.boxFilter(gap * gap, -1, (side, side), borderType=cv2.BORDER_REFLECT_101)
    return np.sqrt(np.maximum(power - mean * mean, 1e-8))


def _truth(pores: Pores, pose: Pose, change: Plane, noise: Plane, psf: float) -> list[TruePore]:
    """Pores whose middle lies in the photo; the strongest change in the mouth, and the power of all of it."""
    height, width = pose.shape
    across, down = pose.project(pores.x, pores.y)
    frames = pose.frames(pores.x, pores.y)
    true = []
    for row in np.flatnonzero((across >= 0) & (across <= width - 1) & (down >= 0) & (down <= height - 1)).tolist():
        x, y = float(across[row]), float(down[row])
        reach = 0.6 * pores.diameter[row] * np.sqrt(pores.aspect[row]) * pose.px_per_mm + 1.5 * psf
        top, left = max(0, int(y - reach)), max(0, int(x - reach))
        part = change[top : int(y + reach) + 2, left : int(x + reach) + 2]
        sigma = float(noise[round(y), round(x)])
        aspect, angle, area = _seen(frames[row], float(pores.aspect[row]), float(pores.angle[row]))
        true.append(
            TruePore(
                x_px=x,
                y_px=y,
                diameter_mm=float(pores.diameter[row]) * area / pose.px_per_mm,
                aspect=aspect,
                angle_deg=angle,
                shape=_shape(pores, row),
                plug=PLUGS[pores.plug[row]],
                contrast=float(np.abs(part).max()),
                snr=float(np.sqrt(np.square(part, dtype=np.float64).sum())) / sigma,
            )
        )
    return true


def _seen(frame: NDArray[np.float64], aspect: float, angle: float) -> tuple[float, float, float]:
    """Aspect and angle of the mouth as the photo shows it, and pixels a millimetre there."""
    cos, sin = np.cos(angle), np.sin(angle)
    axes = frame @ np.array([[cos, -sin], [sin, cos]]) @ np.diag([np.sqrt(aspect), 1 / np.sqrt(aspect)])
    turns, lengths, _ = np.linalg.svd(axes)
    direction = float(np.degrees(np.arctan2(turns[1, 0], turns[0, 0])) % 180)
    return float(lengths[0] / lengths[1]), direction % 180, float(np.sqrt(lengths[0] * lengths[1]))


def _shape(pores: Pores, row: int) -> str:
    if pores.tear[row] >= TEARDROP:
        return "teardrop"
    return "oval" if pores.aspect[row] >= OVAL else "round"
