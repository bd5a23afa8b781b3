"""The photos of a comparison, brought to one scale, one blur and one noise, each with its pores paired to the first's.

What only the sharper or cleaner photo can show is no change. How the pairs are found stands in ``register``, what is
made of them in ``compare`` and ``paired``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pellucid.vision.common import at_coarsest_scale, at_one_noise, at_widest_blur
from pellucid.vision.detect import find_pores
from pellucid.vision.fit import expectations, fit_pores
from pellucid.vision.fit_prior import Expected
from pellucid.vision.photo import Field
from pellucid.vision.register import Registration, register
from pellucid.vision.transfer import blurrier

Numbers = NDArray[np.float64]

BLUR_SE = 0.4
"""Of the variance of a photo's blur as it tells by itself: its standard deviation is known to about a fifth."""
TEXTURE_SE = 0.1
"""Of the same beside another photo's, by the texture of both, besides what the fit of it says."""
SHARPEST_PX = 0.4
SIZE_SPREAD = 0.6
"""Of what is expected of sizes, as log: so wide that it hardly pulls at them."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One photo, as sharp as the least sharp and as noisy as the noisiest."""

    field: Field
    places_mm: Numbers
    """(n, 2) of its pores, in its own millimetres."""
    log_diameter: Numbers
    """(n,) of millimetres."""
    log_se: Numbers
    registration: Registration | None = None
    """Pairs of the first view's pores with this one's; None for the first itself."""

    def in_reference(self) -> Numbers:
        """Its pores in the first view's millimetres."""
        if self.registration is None:
            return self.places_mm
        affine = self.registration.affine
        return np.asarray((self.places_mm - affine[:, 2]) @ np.linalg.inv(affine[:, :2]).T)


def level_views(fields: Sequence[Field]) -> tuple[list[View], float] | None:
    """Bring fields to one scale, blur and noise, and pair their pores with the first's.

    Args:
        fields: of at least two photos.

    Returns:
        the views, and the error of the difference of their blurs as a part of the blur's variance; None where a photo
        shows other skin than the first.
    """
    seen = _registered([_view(field) for field in at_coarsest_scale(fields)])
    if seen is None:
        return None
    judged, blur_se = _judged_blur(seen)
    alike = at_one_noise(judged, at_widest_blur(judged))
    # The same is expected of the mouths in every photo: what each would learn by itself differs by chance, and what the
    # finder says of their sizes pulls a change back.
    expected = replace(
        expectations(alike[0], find_pores(alike[0])), size_spread=SIZE_SPREAD, shift=0.0, shift_slope=0.0
    )
    views = _registered([_view(field, expected) for field in alike])
    return None if views is None else (views, blur_se)


def _view(field: Field, expected: Expected | None = None) -> View:
    found = find_pores(field)
    fits = fit_pores(field, found, expected)
    places = (np.column_stack([fits.x_px, fits.y_px]) + 0.5) / field.px_per_mm
    diameter = np.maximum(fits.diameter_px, 1e-3)
    return View(field, places, np.log(diameter / field.px_per_mm), fits.diameter_se_px / diameter)


def _registered(views: Sequence[View]) -> list[View] | None:
    """The views with their pairs with the first; None where one of them shows other skin."""
    reference, *others = views
    paired = [replace(view, registration=register(reference.places_mm, view.places_mm)) for view in others]
    return [reference, *paired] if all(view.registration for view in paired) else None


def _judged_blur(views: Sequence[View]) -> tuple[list[Field], float]:
    """The fields with their blurs as judged beside the first's, and the error of that as a part of the variance.

    What the texture of both photos tells counts, and what each photo tells by itself, each by how sure it is.
    """
    own = views[0].field.psf_sigma_px ** 2
    gaps = [(0.0, 0.0), *(_blur_gap(views[0], view) for view in views[1:])]
    # One of them may come out sharper than any lens is: what counts are the differences.
    lift = max(SHARPEST_PX**2 - own - min(gap for gap, _ in gaps), 0.0)
    fields = [
        replace(view.field, psf_sigma_px=math.sqrt(own + gap + lift))
        for view, (gap, _) in zip(views, gaps, strict=True)
    ]
    widest = max(field.psf_sigma_px for field in fields) ** 2
    return fields, max(se for _, se in gaps) / widest


def _blur_gap(reference: View, view: View) -> tuple[float, float]:
    """How much larger the variance of a view's blur is than the reference's, in pixels squared, and its error."""
    own, other = reference.field.psf_sigma_px**2, view.field.psf_sigma_px**2
    known, known_se = other - own, BLUR_SE * math.hypot(own, other)
    if view.registration is None:
        return known, known_se
    here, there, affine = reference.field.px_per_mm, view.field.px_per_mm, view.registration.affine
    to_px = np.column_stack([affine[:, :2] * there / here, affine[:, 2] * there])
    # Millimetres count from the picture's corner, pixels from the middle of the first.
    to_px[:, 2] += 0.5 * to_px[:, :2].sum(axis=1) - 0.5
    places = np.concatenate([reference.places_mm, view.in_reference()]) * here - 0.5
    radii = np.exp(np.concatenate([reference.log_diameter, view.log_diameter])) * here / 2
    seen = blurrier(reference.field, view.field, to_px, places, radii)
    if seen is None:
        return known, known_se
    weights = np.array([1 / known_se**2, 1 / (seen.se**2 + (TEXTURE_SE * own) ** 2)])
    return float(weights @ [known, seen.variance_px2] / weights.sum()), float(1 / np.sqrt(weights.sum()))
