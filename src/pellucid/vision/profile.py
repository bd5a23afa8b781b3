"""A device that always photographs from one distance, such as a dermatoscope: its scale, measured once and kept.

The printed card, or its small tile where the device sees too little of the card, is photographed through the device;
``calibrate`` makes a ``Profile`` of that photo. The profile holds for photos of the same device and zoom, as the device
made them: their size in pixels must be the same.
"""

import json
import math
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pellucid.model.errors import InputError, Problem
from pellucid.vision.card_find import CardFound, find_card
from pellucid.vision.card_layout import TILE, TILE_TARGET
from pellucid.vision.card_marks import find_marks
from pellucid.vision.card_plane import lie_of
from pellucid.vision.light import absorbance, linear
from pellucid.vision.photo import Photo
from pellucid.vision.psf import INK_SPREAD_MM, psf_of_card
from pellucid.vision.scale import Scale

SIZE_SE: Final = 0.003
"""A device put on the skin anew presses it nearer or less near."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class Profile(BaseModel):
    """What is known of one device at one zoom."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    schema_version: Literal[1] = 1
    name: Name
    """What the person calls the device."""
    px_per_mm: Annotated[float, Field(gt=0.5, lt=1000)]
    relative_se: Annotated[float, Field(gt=0, lt=0.2)]
    """Standard error of a length, as a part of it."""
    width_px: Annotated[int, Field(gt=0, le=50_000)]
    height_px: Annotated[int, Field(gt=0, le=50_000)]
    psf_sigma_px: Annotated[float, Field(gt=0, lt=50)] | None = None
    """Blur in the photo of the target, as standard deviation of a Gaussian; None where it couldn't be measured, as with
    the tile, whose marks are too small for it."""
    target: Annotated[str, StringConstraints(max_length=20)] = ""
    """What was photographed."""


def calibrate(photo: Photo, *, name: str, ruler_mm: float | None = None) -> Profile:
    """Measure a device by a photo of the card or the tile that was taken through it.

    Args:
        photo: the whole photo, as the device makes them: not cropped, not turned.
        name: what to call the device.
        ruler_mm: how long the card's printed line of 50 mm really is, if someone measured it.

    Raises:
        InputError: neither is seen well enough, or a name is no name.
    """
    height, width = photo.pixels.shape[:2]
    return _checked(
        photo.name, {"name": name, "width_px": width, "height_px": height, **_of_card_or_tile(photo, ruler_mm)}
    )


def _of_card_or_tile(photo: Photo, ruler_mm: float | None) -> dict[str, Any]:
    """What the card or, where there is none, the tile in a photo tells, as the fields of a profile."""
    card = find_card(photo, ruler_mm=ruler_mm)
    if card is not None:
        return {
            "px_per_mm": card.px_per_mm,
            "relative_se": math.hypot(card.relative_se, SIZE_SE),
            "psf_sigma_px": _blur(photo, card),
            "target": card.version,
        }
    seen = find_marks(photo, TILE_TARGET)
    lie = lie_of(seen, TILE, photo, ruler_mm) if seen else None
    if lie is None:
        message = "shows neither the card nor its tile; lay one flat under the device, sharp and evenly lit"
        raise InputError([Problem(photo.name, message)])
    return {
        "px_per_mm": lie.px_per_mm,
        "relative_se": math.hypot(lie.relative_se, SIZE_SE),
        "target": TILE_TARGET.name,
    }


def _blur(photo: Photo, card: CardFound) -> float | None:
    """Blur by the edges of the card's marks; None where it is no wider than what ink makes of an edge."""
    sigma_px = psf_of_card(absorbance(linear(photo)), card)
    return sigma_px if sigma_px and sigma_px > INK_SPREAD_MM * card.px_per_mm else None


def read_profile(text: str, where: str) -> Profile:
    """The profile in a JSON file.

    Args:
        text: the file's content.
        where: how to name the file in messages.

    Raises:
        InputError: naming every fault with its place.
    """
    try:
        content = json.loads(text)
    except RecursionError as error:
        message = "is nested too deeply to be a profile; write it with pellucid calibrate"
        raise InputError([Problem(where, message)]) from error
    except ValueError as error:
        message = f"is no JSON ({error}); write it with pellucid calibrate"
        raise InputError([Problem(where, message)]) from error
    if not isinstance(content, dict):
        raise InputError([Problem(where, "is no profile; write it with pellucid calibrate")])
    return _checked(where, content)


def _checked(where: str, content: dict[str, Any]) -> Profile:
    try:
        return Profile.model_validate(content)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        problems = [
            Problem(".".join([where, *map(str, fault["loc"])]), _PLAIN.get(fault["type"], fault["msg"]))
            for fault in faults
        ]
        raise InputError(problems) from error


_PLAIN: Final = {
    "missing": "is missing; write the profile with pellucid calibrate",
    "extra_forbidden": "is no field of a profile",
    "string_too_short": "must not be empty",
    "finite_number": "must be a number",
}
"""Kind of fault to plain words, where pydantic's own are not plain."""


def profile_scale(profile: Profile, photo: Photo) -> Scale:
    """The scale of a photo that was taken with a calibrated device.

    A photo of another size is refused even where its shape is the same: nothing tells one that was made smaller from
    one that was cropped, and these have different scales. A quarter turn is no matter.

    Raises:
        InputError: the photo has another size in pixels.
    """
    height, width = photo.pixels.shape[:2]
    if sorted((width, height)) != sorted((profile.width_px, profile.height_px)):
        message = (
            f"has {width} x {height} pixels, and the profile {profile.name!r} is of photos with {profile.width_px} x "
            f"{profile.height_px}; use the photo as the device made it, neither cropped nor resized, or calibrate "
            f"that device"
        )
        raise InputError([Problem(photo.name, message)])
    return Scale(profile.px_per_mm, profile.relative_se, "profile", psf_sigma_px=profile.psf_sigma_px)
