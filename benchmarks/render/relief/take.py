"""A photo of a piece of skin, with the truth about every pore in it."""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum as largest

from benchmarks.render.relief.camera import (
    SEEN,
    Camera,
    Light,
    decoded,
    draw_camera,
    encoded,
    exposed,
    processed,
    resized,
    through_lens,
)
from benchmarks.render.relief.light import lit
from benchmarks.render.relief.pits import Pits
from benchmarks.render.relief.skin import Skin
from benchmarks.render.relief.surface import lay_out
from benchmarks.render.relief.view import Floats, Plane, View, softened, stand
from benchmarks.render.truth import Scene, TruePore

PLUGS = ("open", "dark", "light")
OVAL = 1.25
"""Aspect from which a mouth is called oval."""
DARKEST = 1 / 4096
NEAR_PX = 12.0
"""Around a pore, where its noise is told."""


def take(
    skin: Skin,
    seed: int,
    *,
    px_per_mm: float,
    guided: bool = True,
    size_px: int = 384,
    pores_scaled: float = 1.0,
    keep_pores: NDArray[np.bool_] | None = None,
    move_mm: float = 1.5,
    turn_deg: float = 4.0,
    camera: Camera | None = None,
) -> Scene:
    """Photograph a piece of skin.

    Aspect and angle of the true pores are those that the mouth has in the picture, told by its second moments;
    diameters are those on the skin. Contrast and SNR come from the picture with and without the pores, each pixel
    counted for the nearest pore.

    Args:
        skin: what there is.
        seed: of the camera, where it stands, and its noise.
        px_per_mm: scale in the middle of the picture.
        guided: see ``draw_camera``.
        size_px: side of the picture.
        pores_scaled: what all diameters are multiplied by.
        keep_pores: (pores,) which there are; all where None.
        move_mm: how far the camera may stand off the middle.
        turn_deg: how far it may be turned.
        camera: in place of one drawn.
    """
    rng = np.random.default_rng([seed, skin.seed, 13])
    drawn = draw_camera(rng, guided=guided)
    shot = camera or drawn
    sensor = round(size_px / shot.zoom)
    turn = float(np.radians(rng.uniform(-turn_deg, turn_deg)))
    shift = (float(rng.uniform(-move_mm, move_mm)), float(rng.uniform(-move_mm, move_mm)))
    view = stand(
        sensor,
        px_per_mm * sensor / size_px,
        turn=turn,
        shift=shift,
        tilt=shot.tilt,
        axis=shot.tilt_axis,
        away_mm=max(shot.away_mm, 2 * size_px / px_per_mm),
    )
    wanted = np.ones(len(skin.pits), bool) if keep_pores is None else keep_pores
    surface = lay_out(skin, view, wanted, pores_scaled)
    with_pores, without = (lit(skin, surface, shot, view, pores=pores) for pores in (True, False))
    level = exposed(shot, without, surface.skin)
    clean, bare = (through_lens(shot, light * level) for light in (with_pores, without))
    pixels = processed(shot, clean, size_px, rng)
    clean, bare = resized(clean, size_px), resized(bare, size_px)
    uncovered = cv2.resize(surface.skin.astype(np.uint8), (size_px, size_px), interpolation=cv2.INTER_NEAREST) > 0
    return Scene(
        pixels=pixels,
        px_per_mm=px_per_mm,
        pores=tuple(
            _truth(skin.pits, view, surface.kept, pores_scaled, _log(bare) - _log(clean), _gap(pixels, shot, clean))
        ),
        skin=np.asarray(uncovered),
        psf_sigma_px=shot.psf_sigma_px,
        phototype=skin.phototype,
        settings={
            "family": "relief",
            "seed": seed,
            "skin": skin.seed,
            "guided": guided,
            "cover": skin.cover.kind,
            "tilt_deg": float(np.degrees(shot.tilt)),
            **skin.settings,
        },
    )


def _log(light: Light) -> Plane:
    return np.asarray(np.log(np.maximum(light @ SEEN, DARKEST)), np.float32)


def _gap(pixels: NDArray[np.uint8], shot: Camera, clean: Light) -> Plane:
    """What sensor and phone add to each pixel, as log, without what they change over a wide area."""
    code = np.asarray(pixels, np.float32) / np.float32(255)
    gap = _log(decoded(code)) - _log(decoded(encoded(shot, clean)))
    return gap - softened(gap, 4)


def _truth(pits: Pits, view: View, kept: NDArray[np.bool_], scaled: float, signal: Plane, gap: Plane) -> list[TruePore]:
    """Tell all that is known of the pores whose middle is in the picture."""
    side = signal.shape[0]
    factor = side / view.side
    px, py = ((part + 0.5) * factor - 0.5 for part in view.to_px(pits.x, pits.y))
    index = np.flatnonzero(kept & (px >= 0) & (py >= 0) & (px <= side - 1) & (py <= side - 1))
    if not len(index):
        return []
    aspect, angle, reach = _outlines(pits, view, index)
    contrast, snr = _strengths(px[index], py[index], reach * scaled * factor, signal, gap)
    return [
        TruePore(
            x_px=float(px[one]),
            y_px=float(py[one]),
            diameter_mm=float(pits.diameter[one] * scaled),
            aspect=float(aspect[row]),
            angle_deg=float(np.degrees(angle[row]) % 180),
            shape="teardrop" if pits.taper[one] else "oval" if aspect[row] >= OVAL else "round",
            plug=PLUGS[pits.plug[one]],
            contrast=float(contrast[row]),
            snr=float(snr[row]),
        )
        for row, one in enumerate(index.tolist())
    ]


def _outlines(pits: Pits, view: View, index: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
    """Aspect and angle of mouths in the picture, by their second moments, and their long half axes in pixels."""
    cos, sin = np.cos(pits.angle[index]), np.sin(pits.angle[index])
    root = np.sqrt(pits.aspect[index])
    half = pits.diameter[index] / 2
    axes = np.stack(
        [np.stack([cos * half * root, -sin * half / root], -1), np.stack([sin * half * root, cos * half / root], -1)], 1
    )
    seen = view.stretch(pits.x[index], pits.y[index]) @ axes
    sizes, ways = np.linalg.eigh(seen @ seen.transpose(0, 2, 1))
    return np.sqrt(sizes[:, 1] / sizes[:, 0]), np.arctan2(ways[:, 1, 1], ways[:, 0, 1]), np.sqrt(sizes[:, 1])


def _strengths(px: Floats, py: Floats, reach: Floats, signal: Plane, gap: Plane) -> tuple[Floats, Floats]:
    """Contrast and SNR of pores: the change of the pixels that are nearer to it than to another, against noise."""
    free = np.ones(signal.shape, np.uint8)
    rows, columns = np.rint(py).astype(int), np.rint(px).astype(int)
    free[rows, columns] = 0
    away, label = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    own = label[rows, columns]
    limit = np.zeros(int(label.max()) + 1)
    limit[own] = 1.6 * reach + 2
    inside = away <= limit[label]
    of_pore = np.where(inside, label, 0)
    contrast = np.asarray(largest(np.abs(signal), of_pore, own))
    energy = np.bincount(of_pore.ravel(), weights=np.square(signal).ravel(), minlength=len(limit))[own]
    # Sharpening makes pores stand out more: that is no noise, so it is told beside them.
    beside = (~inside).astype(np.float32)
    share = softened(beside, NEAR_PX)
    squares = softened(beside * gap * gap, NEAR_PX) / np.maximum(share, 1e-3)
    typical = float(np.mean(gap[~inside] ** 2)) if (~inside).any() else float(np.mean(gap**2))
    noise = np.sqrt(np.where(share > 0.05, squares, typical))[rows, columns]  # noqa: PLR2004 - too few pixels
    return contrast, np.sqrt(energy) / np.maximum(noise, 1e-4)
