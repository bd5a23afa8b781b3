"""``measure``: everything that one photo shows. The steps have a module each; this one says in which order."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.model.measurement import Measurement, ZoneMeasurement
from pellucid.model.photo import Interval, PhotoMeasurement, Pore, PoreErrors, Shape, Withheld
from pellucid.vision.card_find import CardFound, find_card
from pellucid.vision.colour import skin_colour
from pellucid.vision.density import Finds, density, ground, mean_diameter, worth
from pellucid.vision.describe import plugs, shapes
from pellucid.vision.detect import Found, find_pores, threshold
from pellucid.vision.field import make_field, skin_of
from pellucid.vision.fit import Fits, fit_pores
from pellucid.vision.fit_model import Floats
from pellucid.vision.load import load
from pellucid.vision.photo import Field, Mask, Photo
from pellucid.vision.quality import PRESENCE_PX, Judged, judge
from pellucid.vision.scale import Scale
from pellucid.vision.scale_of import Given, find_scale
from pellucid.vision.zones import EVERYWHERE, ZoneMap, Zones, zone_map

LARGE_MM = 0.25
"""Diameter from which people see a pore in a mirror."""
COUNTED_FROM_MM = 0.1
COUNTED_FROM_PX = 2.5
"""Diameters from which pores are counted, if the photo's blur carries them; nobody could be expected to see smaller
ones."""
LEAST_ZONE_CM2 = 1.0
"""Of a zone's skin, from which its pores of ``LARGE_MM`` are counted: they stand a few millimetres apart and in
clusters, so that a smaller piece may lie between them and says nothing of the zone."""
MOUTH_SE = 0.1
"""Of one pore's diameter, as a part of it: mouths are no ellipses with one kind of edge. Funnels and plugged mouths,
rendered otherwise than the fit was tuned on, read smaller than punched holes by about so much."""
BESIDE_CARD_SE = 0.05
"""Of a length on skin beside the card, as a part of it: at 100 mm, skin 5 mm nearer or farther than the card."""
LEAST_COUNTED = 0.02
"""Confidence below which a place counts for nothing."""
SHAPES: tuple[Shape, ...] = ("round", "oval", "teardrop")
LEAST_NAMED = 20
"""Pores whose shape or plug is told, from which a zone's shares are worth telling,"""
LEAST_TOLD = 0.5
"""and which share of the pores that can be sized they must be: those that are easy to name are not like the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A photo and what was made of it before pores are looked for."""

    photo: Photo
    card: CardFound | None
    scale: Scale | None
    field: Field
    judged: Judged


def measure(
    photo: Path | bytes | Photo, *, scale: Given = None, zones: Zones = None, ruler_mm: float | None = None
) -> Measurement:
    """Measure the pores of one photo.

    Args:
        photo: a file, its bytes, or a photo that is loaded already.
        scale: pixels a millimetre, a scale, or a dermatoscope's profile, where no card in the photo tells it.
        zones: the zone of the face that the whole photo shows, or for each zone a polygon in pixels of the upright
            photo.
        ruler_mm: how long the printed line of 50 mm of the card in the photo really is, if someone measured it.

    Returns:
        the photo's measurement in ``photos``, and each zone's figures in ``zones``. A photo that can't carry a count
        says why in ``refused``.

    Raises:
        InputError: the photo can't be read, or a zone or the scale isn't one.
    """
    loaded = photo if isinstance(photo, Photo) else load(photo)
    places = zone_map(zones, loaded.pixels.shape[:2])
    seen = look(loaded, scale, ruler_mm)
    whole, finds = _measured(seen, places)
    return Measurement(photos=(whole,), zones={} if finds is None else _zones(seen, whole.pores, finds, places))


def look(photo: Path | bytes | Photo, scale: Given = None, ruler_mm: float | None = None) -> Look:
    """Find the scale of a photo and judge what it can carry.

    Raises:
        InputError: as ``measure``.
    """
    loaded = photo if isinstance(photo, Photo) else load(photo)
    card = find_card(loaded, ruler_mm=ruler_mm)
    known = find_scale(loaded, scale, card)
    coarse = skin_of(loaded, known, card)
    field = make_field(loaded, known, card, coarse)
    if card and known and known.method == "card" and not (field.skin & card.window).any():
        known = replace(known, relative_se=math.hypot(known.relative_se, BESIDE_CARD_SE))
    return Look(loaded, card, known, field, judge(loaded, known, field, card, coarse))


def measured(seen: Look) -> PhotoMeasurement:
    """What a photo shows, once it was looked at."""
    return _measured(seen, EVERYWHERE)[0]


def _measured(seen: Look, places: ZoneMap) -> tuple[PhotoMeasurement, Finds | None]:
    """What a photo shows, and what its counts rest on; None where nothing is counted."""
    judged = seen.judged
    told = PhotoMeasurement(
        file=seen.photo.name,
        quality=judged.quality,
        colour=skin_colour(seen.photo, seen.field, seen.card),
        refused=judged.refused,
        withheld=judged.withheld,
    )
    if judged.refused is not None or seen.scale is None:
        return told, None
    sure, doubtful = found_in(seen.field)
    fits = fit_pores(seen.field, sure)
    pores = _pores(seen, sure, fits, places)
    finds = _finds(seen.field, pores, doubtful)
    told = replace(told, pores=pores, withheld=(*_coarse(seen), *told.withheld))
    return replace(told, **_counted(seen, finds, None)), finds


def found_in(field: Field) -> tuple[Found, Found]:
    """The pores of a photo, and places too doubtful to be called one, which count for as much as they are sure."""
    found = find_pores(field, LEAST_COUNTED)
    sure = found.confidence >= threshold()
    return found.where(sure), found.where(~sure)


def _pores(seen: Look, found: Found, fits: Fits, places: ZoneMap) -> tuple[Pore, ...]:
    """The pores in millimetres; the error of the scale, which all of them share, is part of each error."""
    here, scale_se = px_per_mm_at(seen.field, fits.x_px, fits.y_px), seen.scale.relative_se if seen.scale else 0.0
    diameter = fits.diameter_px / here
    diameter_se = np.hypot(fits.diameter_se_px / here, diameter * math.hypot(scale_se, MOUTH_SE))
    own = fits.diameter_se_px / here / diameter_se
    tilt = seen.scale.tilt_deg if seen.scale else None
    # What the scale and the kind of mouth add to the error of a diameter has nothing to do with its other figures.
    by_form = (own * fits.corr_diameter_aspect, own * fits.corr_diameter_angle, fits.corr_aspect_angle)
    errors = zip(*_lists(fits.x_se_px, fits.y_se_px, fits.corr_x_y, *by_form), strict=True)
    pores = zip(
        *_lists(fits.x_px, fits.y_px, diameter, diameter_se),
        *_lists(fits.aspect, fits.aspect_se, fits.angle_deg, fits.angle_se_deg),
        shapes(fits, tilt_deg=tilt),
        plugs(fits),
        *_lists(found.confidence, fits.contrast, diameter < (seen.judged.quality.smallest_presence_mm or 0.0)),
        (places.at(x, y) for x, y in zip(*_lists(fits.x_px, fits.y_px), strict=True)),
        (PoreErrors(*sure) for sure in errors),
        strict=True,
    )
    return tuple(Pore(*one) for one in pores)


def _lists(*columns: NDArray[Any]) -> Iterator[list[Any]]:
    """Columns as plain numbers, many times faster than one by one."""
    return (column.tolist() for column in columns)


def px_per_mm_at(field: Field, x_px: Floats, y_px: Floats) -> Floats:
    """Pixels a millimetre at each place, (n,)."""
    if field.px_per_mm_map is None:
        return np.full(len(x_px), field.px_per_mm)
    height, width = field.px_per_mm_map.shape
    rows = np.clip(np.rint(y_px).astype(int), 0, height - 1)
    columns = np.clip(np.rint(x_px).astype(int), 0, width - 1)
    return np.asarray(field.px_per_mm_map[rows, columns], float)


def _finds(field: Field, pores: Sequence[Pore], doubtful: Found) -> Finds:
    """Everything that counts: pores by their fitted sizes, doubtful places by the finder's."""
    rows = np.array([(pore.x_px, pore.y_px, pore.diameter_mm, pore.confidence) for pore in pores], float).reshape(-1, 4)
    here = px_per_mm_at(field, doubtful.x_px, doubtful.y_px)
    rest = np.column_stack([doubtful.x_px, doubtful.y_px, doubtful.diameter_px / here, doubtful.confidence])
    x_px, y_px, diameter_mm, confidence = np.concatenate([rows, rest]).T
    return Finds(x_px, y_px, diameter_mm, worth(confidence), np.arange(len(x_px)) < len(rows))


def _coarse(seen: Look) -> tuple[Withheld, ...]:
    """Why pores of ``LARGE_MM`` aren't counted, where the photo can't show them all."""
    quality = seen.judged.quality
    presence = quality.smallest_presence_mm or 0.0
    if presence <= LARGE_MM:
        return ()
    numbers = (("mm", presence), ("least_mm", LARGE_MM), ("px_per_mm", seen.field.px_per_mm))
    if PRESENCE_PX / seen.field.px_per_mm > LARGE_MM:
        return (Withheld("density", "too_coarse", numbers),)
    return (Withheld("density", "too_blurred", (*numbers, ("blur_px", seen.field.psf_sigma_px))),)


def _counted(seen: Look, finds: Finds, where: Mask | None) -> dict[str, Any]:
    """Density and mean size of what lies on the skin, as the fields of a ``PhotoMeasurement``."""
    field, quality, there = seen.field, seen.judged.quality, ground(seen.field, where)
    finds = finds.where(there.holds(finds.x_px, finds.y_px))
    scale_se = seen.scale.relative_se if seen.scale else 0.0
    count_from = max(COUNTED_FROM_MM, COUNTED_FROM_PX / field.px_per_mm, quality.smallest_presence_mm or 0.0)
    mean_from = max(LARGE_MM, quality.smallest_size_mm or 0.0)
    large = finds.where(finds.diameter_mm >= LARGE_MM)
    return {
        "sampled_cm2": there.cm2,
        "density_per_cm2": density(there, finds.where(finds.diameter_mm >= count_from), scale_se=scale_se),
        "density_from_mm": count_from,
        "density_250_per_cm2": density(there, large, scale_se=scale_se) if count_from <= LARGE_MM else None,
        "mean_diameter_mm": mean_diameter(
            there, finds.where(finds.sized & (finds.diameter_mm >= mean_from)), scale_se=scale_se
        ),
        "mean_from_mm": mean_from,
    }


def _zones(seen: Look, pores: Sequence[Pore], finds: Finds, places: ZoneMap) -> Mapping[str, ZoneMeasurement]:
    return MappingProxyType(
        {
            name: _zone(seen, [pore for pore in pores if pore.zone == name], finds, places.mask(name))
            for name in places.names
        }
    )


def _zone(seen: Look, pores: Sequence[Pore], finds: Finds, where: Mask | None) -> ZoneMeasurement:
    figures = _counted(seen, finds, where)
    sized = [pore for pore in pores if not pore.presence_only]
    looks: Counter[Shape] = Counter(pore.shape for pore in sized if pore.shape != "undetermined")
    shaped = looks.total()
    told = shaped >= max(LEAST_NAMED, LEAST_TOLD * len(sized))
    enough = len(sized) >= LEAST_NAMED
    return ZoneMeasurement(
        pores_per_cm2=_value(figures["density_per_cm2"]),
        pores_250_per_cm2=figures["density_250_per_cm2"] if figures["sampled_cm2"] >= LEAST_ZONE_CM2 else None,
        mean_diameter_mm=_value(figures["mean_diameter_mm"]),
        shape_share=MappingProxyType({shape: looks[shape] / shaped for shape in SHAPES} if told else {}),
        shapes_told=shaped if told else None,
        # No share of dark plugs: of the pores that look dark inside only half hold one, see ``describe``.
        light_plug_share=sum(pore.plug == "light" for pore in sized) / len(sized) if enough else None,
        plugs_told=len(sized) if enough else None,
    )


def _value(interval: Interval | None) -> float | None:
    return None if interval is None else interval.value
