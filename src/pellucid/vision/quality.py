"""What a photo can carry, why it is refused where it carries nothing, and what would make the next one better.

The limits come from simulation: below 3 px across, a pore can't be told from noise; from about 4 on its size can be
fitted. Blur widens both. A photo that was enlarged has pixels enough, but its blur tells.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.model.photo import PhotoQuality, Withheld
from pellucid.vision.card_find import CardFound
from pellucid.vision.field import skin_of
from pellucid.vision.light import burnt_out, unreadable
from pellucid.vision.photo import Field, Photo
from pellucid.vision.psf import blurriest, finest_period_px
from pellucid.vision.scale import Scale
from pellucid.vision.skin import Skin

PRESENCE_PX: Final = 3.0
SIZE_PX: Final = 4.0
USUAL_BLUR_PX: Final = 0.7
"""Standard deviation of the blur of a sharp photo, which the two limits above hold for."""
BLUR_PRESENCE: Final = 1.2
BLUR_SIZE: Final = 1.6
"""How much blur beyond that counts, per standard deviation, in quadrature."""
LEAST_BLURS: Final = 1.8
"""No pore narrower than this many standard deviations of the blur is told from its neighbours."""
PERIOD_PX: Final = 2.0
"""Of the finest wave that any photo can hold."""
COARSEST_MM: Final = 0.45
"""Smallest pore that must be found for a count to mean something: larger ones are few."""
LEAST_SKIN_SHARE: Final = 0.03
LEAST_SKIN_CM2: Final = 0.25
"""Half a centimetre squared, with some twenty pores."""
LEAST_LIGHT: Final = 0.004
"""Linear light of the usual skin: about 12 of 255, where steps between stored numbers are larger than pores."""
CLIPPED: Final = 0.5
"""Of the skin: beyond it what is left is chance."""
TOO_NOISY: Final = 0.15
"""Contrast of a large dark pore."""
STEEPEST_DEG: Final = 25.0
"""A round pore seen from here looks like an oval of 1.10."""
UNEVEN_LIGHT: Final = 0.45
"""Standard deviation of log light over centimetres."""
GLARING: Final = 0.05
CLIPPING: Final = 0.05
NOISY: Final = 0.04
SOFT_PX: Final = 1.6
SPARSE: Final = 0.5
"""Share of skin below which a photo of pores wastes most of its pixels."""
FAR_MM: Final = 0.25
"""Where pores must be larger than this to be found, coming closer gains most."""
WITHOUT_SKIN: Final = frozenset({"too_dark", "clipped", "too_little_skin"})
"""Reasons for refusing a photo whose skin can't be read: nothing tells its blur, nor what it could have shown."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a photo can carry."""

    quality: PhotoQuality
    refused: Withheld | None
    """Why no pores are looked for."""
    withheld: tuple[Withheld, ...]
    """What else is left out."""


def judge(
    photo: Photo, scale: Scale | None, field: Field, card: CardFound | None, coarse: Skin | None = None
) -> Judged:
    """Judge what a photo can carry.

    Args:
        photo: upright.
        scale: None where it isn't known.
        field: of the same photo.
        card: the card in it.
        coarse: its skin on a small copy, where that was found already.
    """
    seen = _Seen.of(photo, field, card, coarse or skin_of(photo, scale, card))
    presence, size = _smallest(scale, field.psf_sigma_px, seen.period_px)
    refused = _refusal(scale, field, seen, presence)
    untold = not _blur_told(field) or (refused is not None and refused.code in WITHOUT_SKIN)
    quality = PhotoQuality(
        px_per_mm=scale.px_per_mm if scale else None,
        scale_method=scale.method if scale else None,
        scale_se=scale.relative_se if scale else None,
        tilt_deg=scale.tilt_deg if scale else None,
        psf_sigma_px=field.psf_sigma_px if _blur_told(field) else None,
        noise=field.noise,
        clipped_share=seen.clipped_share,
        glare_share=seen.glare_share,
        skin_share=seen.skin_share,
        smallest_presence_mm=None if untold else presence,
        smallest_size_mm=None if untold else size,
        advice=_advice(scale, field, seen, card, refused),
    )
    return Judged(quality, refused, _withheld(scale, card))


@dataclass(frozen=True, slots=True)
class _Seen:
    """The skin of a photo in figures."""

    skin_share: float
    clipped_share: float
    burnt_share: float
    """Too bright; the rest of what is clipped is too dark."""
    glare_share: float
    light: float
    """Linear light of the usual skin; of the whole photo where there is none."""
    unevenness: float
    """Standard deviation of log light over centimetres."""
    period_px: float
    """Of the finest wave that the photo holds; more than 2 where it was enlarged."""

    @classmethod
    def of(cls, photo: Photo, field: Field, card: CardFound | None, skin: Skin) -> "_Seen":
        at = _spread(field.skin.shape, skin.surface.shape)
        surface = skin.surface & ~card.mask[at] if card else skin.surface
        spots = surface if surface.any() else np.ones_like(surface)
        dark = field.absorbance[at]
        return cls(
            skin_share=float(field.skin[at].mean()),
            clipped_share=float(unreadable(photo.pixels[at])[spots].mean()),
            burnt_share=float(burnt_out(photo.pixels[at])[spots].mean()),
            glare_share=float(skin.glare[spots].mean()),
            light=math.exp(-float(np.median(dark[spots]))),
            unevenness=float(cv2.GaussianBlur(dark, (0, 0), max(2 * skin.px_per_mm, 1.0))[spots].std()),
            period_px=finest_period_px(field.absorbance, field.skin),
        )


def _spread(full: tuple[int, ...], small: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the full photo at the middles of the pixels of a small copy."""
    rows = ((np.arange(small[0]) + 0.5) * full[0] / small[0]).astype(np.intp)
    columns = ((np.arange(small[1]) + 0.5) * full[1] / small[1]).astype(np.intp)
    return rows[:, None], columns[None, :]


def _smallest(scale: Scale | None, blur_px: float, period_px: float) -> tuple[float | None, float | None]:
    """Diameter in mm from which a pore can be found, and from which its size can be told."""
    if scale is None:
        return None, None
    excess = math.sqrt(max(blur_px**2 - USUAL_BLUR_PX**2, 0.0))
    least = LEAST_BLURS * blur_px
    presence = max(math.hypot(PRESENCE_PX, BLUR_PRESENCE * excess), least)
    size = max(math.hypot(SIZE_PX, BLUR_SIZE * excess), least * SIZE_PX / PRESENCE_PX)
    enlarged = period_px / PERIOD_PX
    presence, size = max(presence, PRESENCE_PX * enlarged), max(size, SIZE_PX * enlarged)
    return presence / scale.px_per_mm, size / scale.px_per_mm


def _blur_told(field: Field) -> bool:
    """Whether the blur is known; where the search for it came to its end, no number of it is worth telling."""
    return field.psf_sigma_px != blurriest(field.px_per_mm)


def _refusal(scale: Scale | None, field: Field, seen: _Seen, presence: float | None) -> Withheld | None:
    """The first reason that holds, the one that must be mended first."""
    if scale is None or presence is None:
        return Withheld("pores", "no_scale")
    cm2 = seen.skin_share * field.skin.size / scale.px_per_mm**2 / 100
    percent = 100 * seen.skin_share
    by_scale, told = PRESENCE_PX / scale.px_per_mm, _blur_told(field)
    numbers = (("mm", presence if told else by_scale), ("least_mm", COARSEST_MM), ("px_per_mm", scale.px_per_mm))
    by_blur = (*numbers, ("blur_px", field.psf_sigma_px)) if told else (("least_mm", COARSEST_MM),)
    reasons = (
        (seen.light < LEAST_LIGHT, Withheld("pores", "too_dark")),
        (seen.clipped_share > CLIPPED, Withheld("pores", "clipped", (("share", 100 * seen.clipped_share),))),
        (seen.skin_share < LEAST_SKIN_SHARE, Withheld("pores", "too_little_skin", (("share", percent), ("cm2", cm2)))),
        (cm2 < LEAST_SKIN_CM2, Withheld("pores", "too_little_skin", (("share", percent), ("cm2", cm2)))),
        (by_scale > COARSEST_MM, Withheld("pores", "too_coarse", numbers)),
        (presence > COARSEST_MM and seen.period_px > PERIOD_PX, Withheld("pores", "enlarged", by_blur)),
        (presence > COARSEST_MM, Withheld("pores", "too_blurred", by_blur)),
        (field.noise > TOO_NOISY, Withheld("pores", "too_noisy", (("noise", 100 * field.noise),))),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _withheld(scale: Scale | None, card: CardFound | None) -> tuple[Withheld, ...]:
    found: list[Withheld] = []
    if scale and scale.set_aside is not None:
        found.append(Withheld("scale", "scales_differ", (("given", scale.set_aside), ("card", scale.px_per_mm))))
    if scale and scale.tilt_deg is not None and scale.tilt_deg > STEEPEST_DEG:
        found.append(Withheld("shape", "tilted", (("degrees", scale.tilt_deg), ("most", STEEPEST_DEG))))
    if card is None or card.matrix is None:
        found.append(Withheld("colour", "card_colours_unread" if card else "no_colour_card"))
    return tuple(found)


def _advice(
    scale: Scale | None, field: Field, seen: _Seen, card: CardFound | None, refused: Withheld | None
) -> tuple[str, ...]:
    """What would help, most telling first."""
    why = refused.code if refused else None
    small = why == "too_little_skin"
    too_far = scale is not None and PRESENCE_PX / scale.px_per_mm > FAR_MM
    held_down = scale is not None and scale.tilt_deg is not None and scale.tilt_deg > STEEPEST_DEG
    presence, _ = _smallest(scale, field.psf_sigma_px, seen.period_px)
    soft = why not in WITHOUT_SKIN and field.psf_sigma_px > SOFT_PX and (presence is None or presence > FAR_MM / 2)
    rules = (
        ("include_card", scale is None),
        ("more_light", seen.light < 4 * LEAST_LIGHT or field.noise > NOISY),
        ("less_light", seen.burnt_share > CLIPPING),
        ("closer", too_far or small or why == "too_blurred"),
        ("sharper", soft),
        ("less_glare", seen.glare_share > GLARING),
        ("even_light", seen.unevenness > UNEVEN_LIGHT),
        ("whole_frame_skin", small or (seen.skin_share < SPARSE and card is None)),
        ("hold_card_flat", held_down),
        ("print_card_afresh", card is not None and card.matrix is None),
    )
    return tuple(advice for advice, holds in rules if holds)
