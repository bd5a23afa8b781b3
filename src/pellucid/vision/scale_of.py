"""Which scale a photo is measured with: the card in it, a dermatoscope's profile, what a person gave, or the iris."""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pellucid.model.errors import InputError, Problem
from pellucid.vision.card_find import CardFound
from pellucid.vision.iris import find_iris_scale
from pellucid.vision.photo import Photo
from pellucid.vision.profile import Profile, profile_scale
from pellucid.vision.scale import Scale

Given = float | Scale | Profile | None
"""What a person said of the scale: pixels a millimetre, those with their error, or the profile of their device."""

GIVEN_SE: Final = 0.01
"""Of a bare number: that of someone who measured a ruler in the photo over some hundred pixels."""
CONTRADICTED: Final = 3.0
"""Standard errors between card and given scale, from which they can't both be right."""
LIMITS_PX_PER_MM: Final = (0.5, 1000.0)
"""From a whole face in a small photo to a microscope."""
RIGHT_ANGLE: Final = 90.0
"""Degrees."""
LARGEST_SE: Final = 0.5
"""Of a length, as a part of it: beyond that it isn't known at all."""


def find_scale(photo: Photo, given: Given, card: CardFound | None) -> Scale | None:
    """The scale to measure a photo with: the best that there is, in the order card, profile, given, iris.

    Args:
        photo: upright.
        given: what the person said. Beside a card that contradicts it, it is set aside, and the scale says so.
        card: the card in this photo.

    Returns:
        None where nothing tells the scale.

    Raises:
        InputError: the number or the scale can't be, or the profile is of another device or zoom.
    """
    said = _said(photo, given)
    if card is not None:
        return _of_card(card, said)
    return said if said is not None else find_iris_scale(photo)


def _said(photo: Photo, given: Given) -> Scale | None:
    if given is None:
        return None
    if isinstance(given, Profile):
        return profile_scale(given, photo)
    said = given if isinstance(given, Scale) else Scale(float(given), GIVEN_SE, "given")
    problems = list(_faults(said))
    if problems:
        raise InputError(problems)
    return said


def _faults(said: Scale) -> Iterator[Problem]:
    """What can't be in a scale; comparisons with NaN fail, so it is caught too."""
    low, high = LIMITS_PX_PER_MM
    if not low <= said.px_per_mm <= high:
        message = f"{said.px_per_mm:g} pixels a millimetre can't be; give a number from {low:g} to {high:g}"
        yield Problem("px_per_mm", message)
    if not 0 <= said.relative_se <= LARGEST_SE:
        message = f"{said.relative_se:g} can't be the error of a length as a part of it; give 0 to {LARGEST_SE:g}"
        yield Problem("relative_se", message)
    if said.tilt_deg is not None and not 0 <= said.tilt_deg < RIGHT_ANGLE:
        yield Problem("tilt_deg", f"{said.tilt_deg:g} degrees can't be; give 0 to 90, or None where it isn't known")
    if said.psf_sigma_px is not None and not 0 < said.psf_sigma_px < math.inf:
        yield Problem("psf_sigma_px", f"{said.psf_sigma_px:g} pixels can't be; give None where it isn't known")
    if said.mm_to_px is not None and not _plane(said.mm_to_px):
        yield Problem("mm_to_px", "is no 3 x 3 homography that can be inverted; give None where there is no card")


def _plane(mm_to_px: NDArray[np.float64]) -> bool:
    """Whether this maps a plane to a photo."""
    return mm_to_px.shape == (3, 3) and bool(np.isfinite(mm_to_px).all()) and bool(np.linalg.det(mm_to_px))


def _of_card(card: CardFound, said: Scale | None) -> Scale:
    apart = abs(math.log(said.px_per_mm / card.px_per_mm)) if said else 0.0
    contradicted = said is not None and apart > CONTRADICTED * math.hypot(said.relative_se, card.relative_se)
    return Scale(
        px_per_mm=card.px_per_mm,
        relative_se=card.relative_se,
        method="card",
        tilt_deg=card.tilt_deg,
        mm_to_px=card.mm_to_px,
        set_aside=said.px_per_mm if said and contradicted else None,
    )
