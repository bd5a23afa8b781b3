"""What a fitted pore is called: the shape of its mouth and what fills it, or that the photo doesn't tell.

A pore is named only where its figures lie beyond a threshold by more than their errors. The thresholds are this
project's own, set on rendered skin: no standard says from which aspect on a pore is oval.
"""

import numpy as np

from pellucid.model.photo import Plug, Shape
from pellucid.vision.fit import Fits
from pellucid.vision.quality import STEEPEST_DEG

OVAL_FROM = 1.2
"""Aspect from which a mouth is oval; below it is round."""
SURE = 1.0
"""Standard errors between an aspect and that threshold, from which the shape is told."""
TEARDROP_FROM = 0.1
"""Taper, as a part of the width over half the length, beyond which a mouth is a teardrop,"""
TEARDROP_SURE = 3.0
"""if it is this many standard errors from none: then about four in five named so are, on skin rendered in two ways."""
SHAPE_FROM_PX = 5.0
"""Diameter below which no shape is told."""

PLUG_FROM_PX = 4.0
"""Diameter below which no plug is told."""
DARK_FROM = 0.4
"""Depth, log of light, from which a mouth looks dark inside. A plug and deep shade look alike: on skin rendered in two
ways half of the pores as dark as this hold a dark plug,"""
OPEN_TO = 0.1
"""and of those darker than the skin by less than this seven to nine in ten are open."""
LIGHT_SURE = 1.5
"""Standard errors by which a mouth is lighter than the skin around it."""


def shapes(fits: Fits, *, tilt_deg: float | None) -> list[Shape]:
    """Name the shapes of pores.

    Args:
        fits: of the pores.
        tilt_deg: between skin and sensor; None where it isn't known.
    """
    told = (fits.diameter_px >= SHAPE_FROM_PX) & (tilt_deg is None or tilt_deg <= STEEPEST_DEG)
    taper = np.abs(fits.taper)
    pointed = (taper > TEARDROP_FROM) & (taper > TEARDROP_SURE * fits.taper_se)
    oval = fits.aspect - SURE * fits.aspect_se > OVAL_FROM
    round_ = fits.aspect + SURE * fits.aspect_se < OVAL_FROM
    names: list[Shape] = np.select(
        [~told, pointed, oval, round_], ["undetermined", "teardrop", "oval", "round"], "undetermined"
    ).tolist()
    return names


def plugs(fits: Fits) -> list[Plug]:
    """Say what fills the mouths of pores.

    Lighter than the skin is told from darker with hardly an error. Dark plugs and the shade in open mouths differ only
    by how dark they are: "dark" says how a mouth looks, and a wide range below it stays uncertain.
    """
    told = fits.diameter_px >= PLUG_FROM_PX
    light = fits.contrast < -LIGHT_SURE * fits.contrast_se
    dark = fits.contrast - fits.contrast_se > DARK_FROM
    empty = (fits.contrast > 0) & (fits.contrast + fits.contrast_se < OPEN_TO)
    names: list[Plug] = np.select(
        [~told, light, dark, empty], ["uncertain", "light", "dark", "open"], "uncertain"
    ).tolist()
    return names
