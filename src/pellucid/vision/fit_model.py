"""What a pore's mouth looks like through the lens: a soft-edged ellipse, blurred, as a sum of Gaussians.

A disc with a soft edge is nearly a sum of four Gaussians. Softened further, stretched to an ellipse and blurred by a
Gaussian lens each stays a Gaussian, so the picture of the mouth and its slopes need no table and no convolution, at any
blur. This file knows what a pore with given parameters looks like; ``fit`` finds the parameters.

Parameters of a pore, all in pixels of its patch: x, y of the middle; log of the radius; two shears (e cos 2a,
e sin 2a), where the aspect is exp(2 e) and a the angle of the long axis; and the log of how soft the mouth is, as part
of the radius. Shears have no seam at 0 or 180 degrees and no special case for a circle. Slopes are taken along the
pore's own axes: places along the long and the short one, shears along (stretching on) and across (turning).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

SPREADS = np.array([0.3414, 0.3865, 0.4550, 0.5075])
"""Standard deviations of the Gaussians, as parts of the radius, of the hardest edge that there is."""
WEIGHTS = np.array([17.9665, -42.8973, 37.2283, -11.2547])
"""Their heights; found by least squares on a unit disc blurred by 0.2 radii, which they follow to 0.04."""

X, Y, LOG_RADIUS, SHEAR_1, SHEAR_2, LOG_SOFTNESS = range(6)
PARAMETERS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """Pictures of n pores on p pixels each, at depth 1."""

    picture: Singles
    """(n, p): 0 far away, about 1 in the middle of a large mouth."""
    slopes: Singles
    """(n, 6, p): change of the picture with each parameter, along the pore's own axes."""


def own_axes(shears: Floats) -> tuple[Floats, Floats]:
    """Angle of the long axis in radians, and size e of the shears; (n,) each."""
    return np.arctan2(shears[:, 1], shears[:, 0]) / 2, np.hypot(shears[:, 0], shears[:, 1])


def turned(parameters: Floats, angle: Floats) -> Floats:
    """Parameters, or changes of them, with the axes turned by an angle; (n, 6)."""
    result = parameters.copy()
    for first, second, by in ((X, Y, angle), (SHEAR_1, SHEAR_2, 2 * angle)):
        cos, sin = np.cos(by), np.sin(by)
        result[:, first] = cos * parameters[:, first] + sin * parameters[:, second]
        result[:, second] = cos * parameters[:, second] - sin * parameters[:, first]
    return result


def mouth(log_softness: Floats) -> tuple[Floats, Floats]:
    """Where the mouth's edge is, and how deep its middle.

    Returns:
        (n,) log of the radius at which an unblurred pore has half the depth of its middle, over its radius; and that
        depth, over the depth of a hard-edged one.
    """
    steps, edges, tops = _mouths()
    return np.interp(log_softness, steps, edges), np.interp(log_softness, steps, tops)


@cache
def _mouths() -> tuple[Floats, Floats, Floats]:
    """What ``mouth`` tells, for steps of the log of softness."""
    steps = np.linspace(-4, 1.5, 56)
    spreads = SPREADS**2 + np.exp(2 * steps)[:, None]
    heights = WEIGHTS * SPREADS**2 / spreads
    tops = heights.sum(axis=1)
    radii = np.linspace(0.3, 8, 1000)
    profiles = np.einsum("sk,skr->sr", heights, np.exp(-(radii**2) / (2 * spreads[:, :, None])))
    halves = [np.interp(-top / 2, -profile, radii) for top, profile in zip(tops, profiles, strict=True)]
    return steps, np.log(halves), tops


def views(parameters: Floats, blur: float, x: Singles, y: Singles, into: Singles | None = None) -> Views:
    """Draw pores of depth 1 and how their pictures change with each parameter.

    Args:
        parameters: (n, 6), see above.
        blur: standard deviation of the lens' Gaussian, pixels.
        x: (p,) pixels' places.
        y: (p,)
        into: (n, 7, p) where to draw; a new place where None.
    """
    drawn = np.empty((len(parameters), 1 + PARAMETERS, len(x)), np.float32) if into is None else into
    _, shear = own_axes(parameters[:, SHEAR_1:])
    along, across = _own_places(parameters, x, y)
    squares = np.stack([along * along, across * across], axis=1)
    exponents, mixtures = _mixtures(parameters, shear, blur)
    bells = np.matmul(exponents, squares)
    np.exp(bells, out=bells)
    mixed = np.matmul(mixtures, bells).transpose(1, 0, 2)
    picture, by_x, by_y, turning, longer, wider, less_big, less_long, soft_long, soft_wide, less_soft = mixed
    drawn[:, 0], slopes = picture, drawn[:, 1:]
    np.multiply(along, by_x, out=slopes[:, X])
    np.multiply(across, by_y, out=slopes[:, Y])
    long_part, wide_part = squares[:, 0] * longer, squares[:, 1] * wider
    np.subtract(long_part + wide_part, less_big, out=slopes[:, LOG_RADIUS])
    np.subtract(long_part - wide_part, less_long, out=slopes[:, SHEAR_1])
    np.multiply(along * across, turning, out=slopes[:, SHEAR_2])
    soft = squares[:, 0] * soft_long + squares[:, 1] * soft_wide
    np.subtract(soft, less_soft, out=slopes[:, LOG_SOFTNESS])
    return Views(drawn[:, 0], slopes)


def _own_places(parameters: Floats, x: Singles, y: Singles) -> tuple[Singles, Singles]:
    """(n, p) each: places of the pixels along the long axis, and across it."""
    angle, _ = own_axes(parameters[:, SHEAR_1:])
    cos, sin = _column(np.cos(angle)), _column(np.sin(angle))
    right, down = x - _column(parameters[:, X]), y - _column(parameters[:, Y])
    return cos * right + sin * down, cos * down - sin * right


def tapered(parameters: Floats, slopes: Singles, x: Singles, y: Singles) -> Singles:
    """How the picture changes with a width that falls along the long axis, by its whole over half the length.

    Args:
        parameters: (n, 6), see above.
        slopes: (n, 6, p) as ``views`` draws them.
        x: (p,) pixels' places.
        y: (p,)

    Returns:
        (n, p).
    """
    _, shear = own_axes(parameters[:, SHEAR_1:])
    along, across = _own_places(parameters, x, y)
    half = _column(np.exp(parameters[:, LOG_RADIUS] + shear))
    return -slopes[:, Y] * along * across / half


def _mixtures(parameters: Floats, shear: Floats, blur: float) -> tuple[Singles, Singles]:
    """How the Gaussians' exponents come from the squares of the places, and how all slopes are mixed from them.

    The change of a blurred Gaussian's picture with its covariance C is half of (C^-1 z z' C^-1 - C^-1) times the change
    of C; z is the place. Along the pore's own axes C is diagonal.

    Returns:
        (n, 4, 2) and (n, 11, 4): picture; slopes by x, y over the places; turning, over the product of the places; for
        size and stretch what goes with the squares of the places, then their constants; for softness likewise.
    """
    area = np.exp(2 * parameters[:, LOG_RADIUS, None])
    extra = np.exp(2 * parameters[:, LOG_SOFTNESS, None]) * area
    lengthened = np.exp(2 * shear)[:, None]
    part = SPREADS**2 * area + extra
    long, wide = part * lengthened, part / lengthened
    long_inverse, wide_inverse = 1 / (long + blur**2), 1 / (wide + blur**2)
    height = WEIGHTS * SPREADS**2 * area * np.sqrt(long_inverse * wide_inverse)
    long_share, wide_share = long * long_inverse, wide * wide_inverse
    long_extra, wide_extra = extra * lengthened * long_inverse, extra / lengthened * wide_inverse
    # 2 sinh(2 e) / (2 e), which is 2 for a circle.
    turn = (2 * np.sinh(2 * shear + 1e-6) / (2 * shear + 1e-6))[:, None]
    mixtures = np.stack(
        [
            height,
            height * long_inverse,
            height * wide_inverse,
            height * part * turn * long_inverse * wide_inverse,
            height * long_share * long_inverse,
            height * wide_share * wide_inverse,
            height * (long_share + wide_share - 2),
            height * (long_share - wide_share),
            height * long_extra * long_inverse,
            height * wide_extra * wide_inverse,
            height * (long_extra + wide_extra),
        ],
        axis=1,
    )
    exponents = np.stack([long_inverse, wide_inverse], axis=2) / -2
    return exponents.astype(np.float32), mixtures.astype(np.float32)


def _column(numbers: Floats) -> Singles:
    return numbers.astype(np.float32)[:, None]
