"""``compare``: what changed on the same skin between two visits, or that nothing did that these photos could show.

The first photo before is the reference: every other photo is laid over it by its pores. Sizes are compared pore by
pore, as the mean of all pores of a photo moves with the smallest that it can show. ``views`` levels and pairs the
photos, ``paired`` has the statistics.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pellucid.model.change import Change, Effect, PorePair
from pellucid.model.errors import InputError, Problem
from pellucid.model.photo import Interval, PhotoMeasurement, Side, Withheld
from pellucid.vision.colour import LightSignature, differs, light_signature
from pellucid.vision.measure import look, measured
from pellucid.vision.overlap import Overlap, overlap
from pellucid.vision.paired import NORMAL_95, Blur, Visits, blocks_of, change_of_counts, change_of_logs
from pellucid.vision.photo import Field, Photo
from pellucid.vision.scale_of import Given
from pellucid.vision.views import View, level_views

Source = Path | bytes | Photo
Numbers = NDArray[np.float64]

LEAST_COMPARED = 20
"""Pores found at both visits, whose size can be told."""
LEAST_ACROSS_PX = 4.0
"""Below, a size is mostly a guess; the mean of both visits counts, so that no pore falls out by a chance error."""
BLUR_WIDENS = 4.0
"""Square of the width that a blur of variance 1 adds to a mouth's square."""
PORE_SPREAD = 0.1
"""How much the pores of one skin differ in their change, as log; keeps a few sharp ones from deciding alone."""
DIAMETER_PHOTO_SE = 0.016
"""What all sizes of one photo err by together, as log, besides its blur: processing in the camera. On rendered pairs of
the training family the interval then held the truth about as often as it says."""
BLUR_SE = 0.8
"""Error of the difference of two photos' blurs, as a part of the variance, at the least. Cameras sharpen, smooth and
shake: no Gaussian is quite their blur, so that the pores have to tell most of it themselves."""
COUNT_PHOTO_SE = 0.1
"""What the number of pores found in one photo errs by together, as log."""
CONTRADICTED = 3.0
"""Standard errors between the scales that two photos say and what their pores say, from which one must be wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What is kept of a photo once it was looked at."""

    field: Field
    light: LightSignature | None
    """None with too little skin to tell."""
    told: PhotoMeasurement


def compare(
    before: Source | Sequence[Source],
    after: Source | Sequence[Source],
    *,
    scale: Given = None,
    scale_after: Given = None,
    ruler_mm: float | None = None,
) -> Change:
    """Compare two visits.

    Args:
        before: one photo or several of the same skin, as paths, bytes or loaded.
        after: the same skin later.
        scale: of the photos before, where no card tells it; see ``measure``.
        scale_after: of the photos after; where None, as before.
        ruler_mm: how long the printed line of 50 mm of the card in the photos really is, if someone measured it.

    Raises:
        InputError: a photo can't be read, or a side has none.
    """
    sides = _photos(before, "before"), _photos(after, "after")
    first = [_seen(photo, scale, ruler_mm) for photo in sides[0]]
    last = [_seen(photo, scale if scale_after is None else scale_after, ruler_mm) for photo in sides[1]]
    refused = _refusal(first, last)
    if refused:
        return Change(tuple(each.told for each in first), tuple(each.told for each in last), refused=refused)
    return _compared(first, last)


def _photos(given: Source | Sequence[Source], side: str) -> list[Source]:
    photos = [given] if isinstance(given, Path | bytes | Photo) else list(given)
    if not photos:
        raise InputError([Problem(side, "give at least one photo")])
    return photos


def _seen(photo: Source, scale: Given, ruler_mm: float | None) -> _Seen:
    looked = look(photo, scale, ruler_mm)
    return _Seen(looked.field, light_signature(looked.photo, looked.field), measured(looked))


def _refusal(first: Sequence[_Seen], last: Sequence[_Seen]) -> Withheld | None:
    """Why nothing can be compared: a photo without pores, or other light.

    Where light falls otherwise, other pores show: then most of a change is the light's.
    """
    refused = next((each.told.refused for each in (*first, *last) if each.told.refused), None)
    if refused:
        return refused
    return _other_light(first, last)


def _other_light(first: Sequence[_Seen], last: Sequence[_Seen]) -> Withheld | None:
    """In what the light differs first, with the photo that the others were held against and those that differ so."""
    sides: tuple[tuple[Side, Sequence[_Seen]], ...] = (("before", first), ("after", last))
    lit = [((side, each.told.file), each.light) for side, photos in sides for each in photos if each.light is not None]
    found = [(photo, differs(lit[0][1], light)) for photo, light in lit[1:]]
    why = next((code for _, code in found if code), None)
    if why is None:
        return None
    return Withheld("change", why, photos=(lit[0][0], *(photo for photo, code in found if code == why)))


def _compared(first: Sequence[_Seen], last: Sequence[_Seen]) -> Change:
    told = tuple(each.told for each in first), tuple(each.told for each in last)
    levelled = level_views([each.field for each in (*first, *last)])
    if levelled is None:
        return Change(*told, refused=Withheld("change", "other_skin"))
    views, blur_se = levelled
    shared = _overlap(views)
    sizes = _sizes(views, len(first))
    weights = sizes.weights * shared.holds(views[0].places_mm)
    compared = int(np.count_nonzero(weights))
    diameter = _diameter(sizes, weights, blur_se) if compared >= LEAST_COMPARED else None
    counts = _counts(views, shared)
    density = change_of_counts(counts[: len(first)], counts[len(first) :], photo_se=COUNT_PHOTO_SE)
    after = views[len(first)]
    change = Change(
        before=told[0],
        after=told[1],
        common_cm2=shared.cm2,
        diameter=diameter,
        compared_pores=compared,
        density=density,
        relative_scale=_relative_scale(after),
        pairs=tuple(_pairs(views[0], after, weights > 0, first[0].field, last[0].field)),
    )
    unknown = any(each.light is None for each in (*first, *last))
    return replace(change, withheld=tuple(_withheld(change, light_unknown=unknown)))


# --- sizes ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Sizes:
    """Of the reference's pores at both visits."""

    visits: Visits
    weights: Numbers
    """(pores,): how much each counts, 1 on average; 0 where it is seen at one visit alone or is too small."""
    bends: Numbers
    """(pores,): how far its log moves with the blur, for one unit of the blur's own variance."""


def _sizes(views: Sequence[View], first: int) -> _Sizes:
    reference = views[0]
    table, errors = _logs(views)
    seen = np.isfinite(table)
    both = seen[:first].any(axis=0) & seen[first:].any(axis=0)
    # Photos count by how exact they are: then the mean size of a pore doesn't lean to the side of its change, as it
    # would with a noisy and a clean visit averaged evenly.
    exact = 1 / np.maximum(np.nanmedian(np.where(seen & both, errors, np.nan), axis=1), 1e-6) if both.any() else None
    if exact is None:
        exact = np.ones(len(views))
    share = np.where(seen, exact[:, None], 0.0)
    total = np.maximum(share.sum(axis=0), 1e-12)
    mean = (share * np.where(seen, table, 0)).sum(axis=0) / total
    error = (share * np.where(seen, errors, 0)).sum(axis=0) / total
    across_px = np.exp(mean) * reference.field.px_per_mm
    weights = np.where(both & (across_px >= LEAST_ACROSS_PX), 1 / (error + PORE_SPREAD**2), 0.0)
    bends = BLUR_WIDENS / 2 * (reference.field.psf_sigma_px / across_px) ** 2
    visits = Visits(table[:first], table[first:], blocks_of(reference.places_mm))
    return _Sizes(visits, weights / max(float(weights[weights > 0].mean()), 1e-12) if weights.any() else weights, bends)


def _logs(views: Sequence[View]) -> tuple[Numbers, Numbers]:
    """(photos, pores of the reference): log diameter in the reference's millimetres and its variance; NaN if unseen."""
    table = np.full((2, len(views), len(views[0].places_mm)), np.nan)
    table[:, 0] = views[0].log_diameter, views[0].log_se ** 2
    for row, view in enumerate(views):
        if view.registration:
            here, there = view.registration.pairs.T
            table[0, row, here] = view.log_diameter[there] - np.log(view.registration.local_scale)
            table[1, row, here] = view.log_se[there] ** 2
    return table[0], table[1]


def _diameter(sizes: _Sizes, weights: Numbers, blur_se: float) -> Effect | None:
    blur = Blur(sizes.bends, max(blur_se, BLUR_SE))
    return change_of_logs(sizes.visits, weights, blur=blur, photo_se=DIAMETER_PHOTO_SE)


# --- everything else --------------------------------------------------------------------------------------


def _overlap(views: Sequence[View]) -> Overlap:
    others = [(view.field, view.registration.affine) for view in views if view.registration]
    return overlap(views[0].field, others)


def _counts(views: Sequence[View], shared: Overlap) -> Numbers:
    """(photos, blocks): pores of each photo on each patch of the common skin."""
    kept = [where[shared.holds(where)] for where in (view.in_reference() for view in views)]
    blocks = blocks_of(np.concatenate(kept))
    ends = np.cumsum([len(each) for each in kept])[:-1]
    count = int(blocks.max(initial=-1)) + 1
    return np.array([np.bincount(some, minlength=count) for some in np.split(blocks, ends)], float)


def _relative_scale(view: View) -> Interval | None:
    if view.registration is None:
        return None
    value = float(np.exp(np.log(view.registration.local_scale).mean()))
    reach = NORMAL_95 * view.registration.scale_se
    return Interval(value, value * math.exp(-reach), value * math.exp(reach))


def _withheld(change: Change, *, light_unknown: bool) -> Iterator[Withheld]:
    if light_unknown:
        yield Withheld("change", "light_unknown")
    if change.compared_pores < LEAST_COMPARED:
        yield Withheld("size", "too_few_pairs", (("pores", change.compared_pores),))
    elif change.diameter is None or change.density is None:
        yield Withheld("change", "little_common_skin", (("cm2", round(change.common_cm2 or 0.0, 2)),))
    known = math.hypot(*(photos[0].quality.scale_se or 0.0 for photos in (change.before, change.after)))
    ratio = change.relative_scale
    if ratio is not None and abs(math.log(ratio.value)) > CONTRADICTED * known + ratio.high - ratio.low:
        yield Withheld("scale", "other_scale", (("ratio", round(ratio.value, 3)),))


def _pairs(reference: View, after: View, compared: NDArray[np.bool_], *natives: Field) -> Iterator[PorePair]:
    """The compared pores in the pixels of the photos as they were given."""
    if after.registration is None:
        return
    for here, there in after.registration.pairs[compared[after.registration.pairs[:, 0]]].tolist():
        x, y, size = _native(reference, here, natives[0])
        yield PorePair(x, y, size, *_native(after, there, natives[1]))


def _native(view: View, index: int, native: Field) -> tuple[float, float, float]:
    x, y = view.places_mm[index] * native.px_per_mm - 0.5
    return float(x), float(y), float(np.exp(view.log_diameter[index])) * native.px_per_mm
