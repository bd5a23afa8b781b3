"""Photos brought to one scale, blur and noise before they are compared: what only the better can show is no change."""

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from pellucid.vision.photo import Field, Mask, Plane
from pellucid.vision.psf import noise_of

ALIKE = 0.05
"""Scales and blurs that differ by less than this part are left as they are."""
SEED = 20_260_102
"""Of added noise, so that the same photos give the same answer."""
AREA_BLUR_PX = 0.29
"""Standard deviation of a box one pixel wide, which averaging over an area blurs by."""


def at_coarsest_scale(fields: Sequence[Field]) -> list[Field]:
    """The same fields, each with as few pixels a millimetre as the coarsest."""
    px_per_mm = min(field.px_per_mm for field in fields)
    return [_reduced(field, px_per_mm) for field in fields]


def at_widest_blur(fields: Sequence[Field]) -> list[Field]:
    """The same fields, each as blurred, in millimetres, as the most blurred."""
    blur_mm = max(field.psf_sigma_px / field.px_per_mm for field in fields)
    return [_blurred(field, blur_mm * field.px_per_mm) for field in fields]


def at_one_noise(sharp: Sequence[Field], blurred: Sequence[Field]) -> list[Field]:
    """The blurred fields, each with as much noise as the noisiest: a find that noise hides is no change either.

    The noise that is added is as coarse as that of the noisiest, which was blurred with it, and always the same.

    Args:
        sharp: the fields before ``at_widest_blur``.
        blurred: the same after it.
    """
    added = [_blur_between(one, other) for one, other in zip(sharp, blurred, strict=True)]
    levels = [field.noise / max(1.0, 2 * math.sqrt(math.pi) * more) for field, more in zip(sharp, added, strict=True)]
    worst = int(np.argmax(levels))
    return [
        field
        if levels[worst] ** 2 < (1 + ALIKE) ** 2 * level**2
        else _noisier(field, level, levels[worst], added[worst])
        for field, level in zip(blurred, levels, strict=True)
    ]


def _blur_between(sharp: Field, blurred: Field) -> float:
    return math.sqrt(max(blurred.psf_sigma_px**2 - sharp.psf_sigma_px**2, 0.0))


def _noisier(field: Field, level: float, wanted: float, coarse_px: float) -> Field:
    grain = np.random.default_rng(SEED).standard_normal(field.absorbance.shape, np.float32)
    if coarse_px > 0:
        grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), coarse_px), np.float32)
    grain *= np.float32(math.sqrt(wanted**2 - level**2) / max(float(grain.std()), 1e-9))
    absorbance = field.absorbance + grain
    return replace(field, absorbance=absorbance, noise=noise_of(absorbance, field.skin))


def _reduced(field: Field, px_per_mm: float) -> Field:
    factor = px_per_mm / field.px_per_mm
    if factor > 1 - ALIKE:
        return field
    height, width = field.skin.shape
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    absorbance = _area(field.absorbance, size)
    skin: Mask = np.asarray(cv2.resize(field.skin.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0)
    scales = field.px_per_mm_map
    return replace(
        field,
        absorbance=absorbance,
        redness=_area(field.redness, size),
        skin=skin,
        px_per_mm=field.px_per_mm * size[0] / width,
        psf_sigma_px=math.hypot(field.psf_sigma_px * factor, AREA_BLUR_PX),
        noise=noise_of(absorbance, skin),
        px_per_mm_map=None if scales is None else np.asarray(_area(scales, size) * factor, np.float32),
    )


def _area(plane: Plane, size: tuple[int, int]) -> Plane:
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)


def _blurred(field: Field, sigma_px: float) -> Field:
    if field.psf_sigma_px > (1 - ALIKE) * sigma_px:
        return field
    more = math.sqrt(sigma_px**2 - field.psf_sigma_px**2)
    absorbance = np.asarray(cv2.GaussianBlur(field.absorbance, (0, 0), more), np.float32)
    return replace(
        field,
        absorbance=absorbance,
        redness=np.asarray(cv2.GaussianBlur(field.redness, (0, 0), more), np.float32),
        psf_sigma_px=sigma_px,
        noise=noise_of(absorbance, field.skin),
    )
