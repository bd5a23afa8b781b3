"""The card in a photo: where it lies, its scale and tilt, what it covers, and its colours.

Marks are found in ``card_marks``, geometry is in ``card_plane`` and colours in ``card_colours``; which scale a photo is
measured with is settled in ``scale_of``.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from pellucid.vision.card_colours import CardColours, fit_colours, read_colours
from pellucid.vision.card_layout import CARD, NAME, WINDOW, Box
from pellucid.vision.card_marks import Matrix, find_marks, projected
from pellucid.vision.card_plane import lie_of
from pellucid.vision.photo import Mask, Photo

OFF_PLANE_SE: Final = 0.005
"""Skin bulges through the window or lies behind it by half a millimetre or so; a close-up is taken from 100 mm."""
WINDOW_INSET_MM: Final = 0.8
"""People cut beside the line."""


@dataclass(frozen=True, slots=True, eq=False)
class CardFound:
    """The card as it lies in one photo. Millimetres are true ones, counted on the print as it is."""

    version: str
    marks: int
    """How many of its marks were measured."""
    mm_to_px: Matrix
    """3 x 3 homography from the card's plane, from its top left corner on, to the photo."""
    px_per_mm: float
    """In the middle of the photo; where the card is far from there, in the middle of its window."""
    relative_se: float
    """Standard error of a length on the skin in the window, as a part of it: of corners, print and bulging skin."""
    tilt_deg: float
    """Between card and sensor."""
    residual_px: float
    """Root mean square of the corners off one plane."""
    print_size: float
    """True millimetres for one as designed; 1 where nobody measured the printed line."""
    mask: Mask
    """(height, width): the card with its white margin, without the window."""
    window: Mask
    """(height, width): inside the window, where skin lies in the card's plane; elsewhere it has another scale."""
    colours: CardColours | None
    """None where too few patches can be read."""

    @property
    def matrix(self) -> Matrix | None:
        """3 x 3, from the photo's linear light to linear sRGB; None where the patches can't be trusted."""
        return self.colours.matrix if self.colours and self.colours.trusted else None


def find_card(photo: Photo, *, ruler_mm: float | None = None) -> CardFound | None:
    """Look for the printed card.

    Args:
        photo: upright; a mirrored one will do.
        ruler_mm: how long the printed line of 50 mm really is, if someone measured it.

    Returns:
        None where there is no card, too little of it, or it is bent.

    Raises:
        InputError: ``ruler_mm`` can't be the length of that line.
    """
    seen = find_marks(photo)
    lie = lie_of(seen, WINDOW, photo, ruler_mm) if seen else None
    if seen is None or lie is None:
        return None
    window = _filled(lie.designed_to_px, WINDOW, WINDOW_INSET_MM, photo)
    return CardFound(
        version=NAME,
        marks=len(seen.ids),
        mm_to_px=lie.mm_to_px,
        px_per_mm=lie.px_per_mm,
        relative_se=float(np.hypot(lie.relative_se, OFF_PLANE_SE)),
        tilt_deg=lie.tilt_deg,
        residual_px=lie.residual_px,
        print_size=lie.print_size,
        mask=_filled(lie.designed_to_px, CARD, -WINDOW_INSET_MM, photo) & ~window,
        window=window,
        colours=fit_colours(read_colours(photo, lie.designed_to_px)),
    )


def _filled(designed_to_px: Matrix, box: Box, inset: float, photo: Photo) -> Mask:
    """The pixels within a box on the card."""
    mask = np.zeros(photo.pixels.shape[:2], np.uint8)
    corners = projected(designed_to_px, box.corners(inset))
    cv2.fillPoly(mask, [np.rint(corners * 16).astype(np.int32)], (1,), shift=4)
    return mask.astype(bool)
