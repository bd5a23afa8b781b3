"""The product's card, laid on the skin before the camera sees it."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.strata.pose import Pose
from pellucid.vision.card_layout import HEIGHT_MM, WIDTH_MM, WINDOW, card_cover, card_raster

Colours = NDArray[np.float32]
_DOTS_PER_MM = 24.0
_WHITE = 0.86
"""Light that paper sends back."""


def lay_card(
    lights: Sequence[Colours], fine: Pose, pose: Pose, gain: float, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Lay the card over light that has not met the lens; the middle of its window lies near the middle of the skin.

    Args:
        lights: changed in place.
        fine: the grid that they are on.
        pose: the photo's own.
        gain: the exposure that will follow.
        rng: draws where the card lies.

    Returns:
        Which pixels of the photo it covers, and where its corners lie in the photo.
    """
    raster, cover = card_raster(_DOTS_PER_MM), card_cover(_DOTS_PER_MM).astype(np.float32)
    cover /= max(1.0, float(cover.max()))
    placed = _placed(rng)
    dots = np.array([[1 / _DOTS_PER_MM, 0, 0.5 / _DOTS_PER_MM], [0, 1 / _DOTS_PER_MM, 0.5 / _DOTS_PER_MM], [0, 0, 1]])
    size = (fine.shape[1], fine.shape[0])
    to_fine = fine.mm_to_px @ placed @ dots
    shown = cv2.warpPerspective(_linear(raster), to_fine, size, flags=cv2.INTER_AREA, borderValue=(1, 1, 1))
    share = cv2.warpPerspective(cover, to_fine, size, flags=cv2.INTER_LINEAR, borderValue=(0,))[..., None]
    white = np.float32(min(_WHITE, 0.92 / gain))
    for each in lights:
        np.add(each, share * (shown * white - each), out=each)
    whole = cv2.warpPerspective(cover, pose.mm_to_px @ placed @ dots, (pose.shape[1], pose.shape[0]), borderValue=(0,))
    corners = np.array([[0, 0], [WIDTH_MM, 0], [WIDTH_MM, HEIGHT_MM], [0, HEIGHT_MM]], float)
    on_skin = corners @ placed[:2, :2].T + placed[:2, 2]
    return whole > 0, np.stack(pose.project(*on_skin.T), axis=1)


def _placed(rng: np.random.Generator) -> NDArray[np.float64]:
    """Millimetres on the card to millimetres on the skin."""
    turn = rng.normal(0, 0.05)
    cos, sin = np.cos(turn), np.sin(turn)
    middle = np.array([WINDOW.x + WINDOW.width / 2, WINDOW.y + WINDOW.height / 2])
    rotation = np.array([[cos, -sin], [sin, cos]])
    shift = rng.normal(0, 0.7, 2) - rotation @ middle
    return np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]], [0, 0, 1]])


def _linear(levels: NDArray[np.uint8]) -> Colours:
    part = levels.astype(np.float32) / np.float32(255)
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4).astype(np.float32)  # noqa: PLR2004 - sRGB
