"""Size, stretch and direction of each pore, from a blurred ellipse fitted to the pixels around it.

Many pores are fitted at once by Levenberg-Marquardt steps in NumPy (``fit_steps``). ``fit_model`` holds what a pore
looks like, ``fit_patches`` cuts the pixels out; which pores there are comes from ``detect``, what their shapes are
called from ``describe``.
"""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from pellucid.vision.fit_model import (
    LOG_RADIUS,
    LOG_SOFTNESS,
    SHEAR_1,
    SHEAR_2,
    Floats,
    X,
    Y,
    mouth,
    own_axes,
    tapered,
)
from pellucid.vision.fit_patches import Group, Level, cut, groups, levels_of
from pellucid.vision.fit_prior import MOST_TELLING, TELLING_PX, Expected, learned
from pellucid.vision.fit_steps import (
    LINEAR,
    TINY,
    Counting,
    State,
    Task,
    curvature,
    depths,
    fitted,
    left_over,
    set_up,
    solve,
)
from pellucid.vision.photo import Field
from pellucid.vision.threads import each

if TYPE_CHECKING:
    from pellucid.vision.detect import Found

CHUNK = 256
"""Pores fitted at once: their pictures and slopes stay in the processor's cache."""
BLUR_ERROR = 0.1
"""Relative standard error of the lens' blur."""
BLUR_WEIGHT = 6.5
"""An error of the blur moves the size, the other way, by this times the squared ratio of blur to diameter."""
TAPER_SPREAD = 0.5
"""Taper that is expected before looking."""
FINER = 1 / 7
"""Of the variance that the skin's texture gives sizes, the part it gives a taper, whose picture is finer."""
NO_DIRECTION = 180 / 12**0.5
"""Degrees: the standard deviation of a direction of which nothing is known."""
_SIZE_BY_SOFTNESS = 0.05
"""Step of the log of softness over which the change of a mouth's edge is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """What was fitted, in the order of the finds; (n,) each."""

    x_px: Floats
    y_px: Floats
    x_se_px: Floats
    y_se_px: Floats
    corr_x_y: Floats
    """Correlation of the errors of x and y."""
    diameter_px: Floats
    """Of the circle with the mouth's area."""
    diameter_se_px: Floats
    aspect: Floats
    aspect_se: Floats
    angle_deg: Floats
    """Of the long axis, from x towards y, 0 up to 180."""
    angle_se_deg: Floats
    """At most 52, which is what a direction that isn't known at all has."""
    corr_diameter_aspect: Floats
    """Correlation of the errors of diameter and aspect, as far as the pixels around the pore make them."""
    corr_diameter_angle: Floats
    corr_aspect_angle: Floats
    contrast: Floats
    """Depth of the mouth without blur: -log of light, above 0 where darker than the skin around it."""
    contrast_se: Floats
    log_softness: Floats
    """Of the edge, as part of the radius: from -2 and below for a punched hole to 0 for a bowl."""
    taper: Floats
    """How much narrower one end is: the width changes by this part of itself over half the length."""
    taper_se: Floats


def fit_pores(field: Field, found: "Found", expected: Expected | None = None) -> Fits:
    """Fit a blurred ellipse on an even or sloping background to each find.

    The fits start from what is expected of size, stretch, place and softness (``fit_prior``), and each of their few
    steps is weighed against how sure that is, so that a pore of few pixels keeps a finite size; the larger and deeper a
    pore, the less that matters. Standard errors and correlations count the noise as it is left in the pixels, with its
    own correlation, and what is expected; those of sizes the error of the blur too. The error of the scale isn't in.

    Args:
        field: the skin.
        found: where pores are, in its pixels.
        expected: of its pores; where None, what its larger pores teach.
    """
    levels = levels_of(field, found.diameter_px)
    table = np.column_stack([found.x_px, found.y_px, found.diameter_px])
    return _fitted(levels, field.psf_sigma_px, table, expected or expectations(field, found))


def expectations(field: Field, found: "Found") -> Expected:
    """What the larger pores of a photo, fitted freely, teach to expect of the others."""
    telling = np.flatnonzero(found.diameter_px >= TELLING_PX)[:MOST_TELLING]
    table = np.column_stack([found.x_px, found.y_px, found.diameter_px])[telling]
    free = _fitted(levels_of(field, table[:, 2]), field.psf_sigma_px, table, Expected())
    return learned(table[:, 2], free.diameter_px, free.diameter_se_px, free.log_softness)


def _fitted(levels: list[Level], blur_px: float, finds: Floats, expected: Expected) -> Fits:
    """Fit some finds: (n, 3) x, y and diameter, pixels of the photo."""
    table = np.zeros((len(finds), len(fields(Fits))))
    chunks = [
        group.part(slice(start, start + CHUNK))
        for group in groups(levels, blur_px, *finds.T)
        for start in range(0, len(group.index), CHUNK)
    ]
    for some, told in zip(chunks, each(lambda chunk: _fit(chunk, expected), chunks), strict=True):
        table[some.index] = told
    return Fits(*np.ascontiguousarray(table.T))


def _fit(group: Group, expected: Expected) -> Floats:
    """One chunk: (n, fields of Fits)."""
    patches = cut(group)
    at, spread = expected.start(group.diameters, 2.0**group.level)
    at[:, :LOG_RADIUS] = group.places - patches.corner
    task = Task(patches, group.blur, at, 1 / spread**2)
    return _told(task, group, *fitted(task))


def _told(task: Task, group: Group, state: State, counting: Counting) -> Floats:
    """(n, fields of Fits) in pixels of the photo."""
    step, at = 2.0**group.level, state.at
    edge, top = mouth(at[:, LOG_SOFTNESS])
    diameter = 2 * np.exp(at[:, LOG_RADIUS] + edge)
    covariance = np.asarray(np.linalg.inv(curvature(task, state)), float)
    x_se, y_se, corr_x_y = _place_errors(at, covariance)
    blur_error = BLUR_ERROR * BLUR_WEIGHT * (group.blur / diameter) ** 2
    form_se, form_corr = _form_errors(at, covariance, blur_error)
    columns = (
        (at[:, X] + task.patches.corner[:, X] + 0.5) * step - 0.5,
        (at[:, Y] + task.patches.corner[:, Y] + 0.5) * step - 0.5,
        x_se * step,
        y_se * step,
        corr_x_y,
        diameter * step,
        diameter * step * form_se[0],
        *_stretched(at[:, SHEAR_1:], form_se[1], form_se[2]),
        *form_corr,
        state.linear[:, 3] * top,
        np.sqrt(covariance[:, 3, 3]) * top,
        at[:, LOG_SOFTNESS],
        *_tapered(task, _trusting(task, counting), state),
    )
    return np.column_stack(columns)


def _place_errors(at: Floats, covariance: Floats) -> tuple[Floats, Floats, Floats]:
    """(n,) standard errors of x and y, and their correlation, from the covariance along the pore's own axes."""
    angle, _ = own_axes(at[:, SHEAR_1:])
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.stack([np.stack([cos, -sin], axis=1), np.stack([sin, cos], axis=1)], axis=1)
    place = slice(LINEAR + X, LINEAR + Y + 1)
    turned_back = turn @ covariance[:, place, place] @ turn.transpose(0, 2, 1)
    x_se, y_se = np.sqrt(turned_back[:, 0, 0]), np.sqrt(turned_back[:, 1, 1])
    return x_se, y_se, turned_back[:, 0, 1] / (x_se * y_se)


def _form_errors(at: Floats, covariance: Floats, blur_error: Floats) -> tuple[Floats, Floats]:
    """Errors of the log of the mouth's radius, which follows from radius and softness, and of the shears.

    Args:
        at: (n, 6) parameters.
        covariance: (n, 10, 10) of linear terms and parameters.
        blur_error: (n,) what the error of the blur adds to that of the log of the radius.

    Returns:
        (3, n) standard errors: size, along and across the shears; and (3, n) correlations: size with either shear, and
        of the shears.
    """
    soft = at[:, LOG_SOFTNESS]
    slope = (mouth(soft + _SIZE_BY_SOFTNESS)[0] - mouth(soft - _SIZE_BY_SOFTNESS)[0]) / (2 * _SIZE_BY_SOFTNESS)
    by_parameter = np.zeros((len(at), 3, covariance.shape[1]))
    by_parameter[:, 0, LINEAR + LOG_RADIUS], by_parameter[:, 0, LINEAR + LOG_SOFTNESS] = 1, slope
    by_parameter[:, 1, LINEAR + SHEAR_1] = by_parameter[:, 2, LINEAR + SHEAR_2] = 1
    form = by_parameter @ covariance @ by_parameter.transpose(0, 2, 1)
    form[:, 0, 0] += blur_error**2
    errors = np.sqrt(np.maximum(np.einsum("nii->in", form), 0))
    pairs = ((0, 1), (0, 2), (1, 2))
    return errors, np.array([form[:, one, other] / (errors[one] * errors[other]) for one, other in pairs])


def _stretched(shears: Floats, along: Floats, across: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Aspect and angle with their standard errors.

    Noise makes shears larger whichever way it points; what its part across them adds is taken off.
    """
    angle, size = own_axes(shears)
    aspect = np.exp(2 * np.sqrt(np.maximum(size**2 - across**2, 0)))
    angle_se = np.minimum(np.degrees(across / np.maximum(2 * size, TINY)), NO_DIRECTION)
    return aspect, 2 * aspect * along, np.degrees(angle) % 180, angle_se


def _trusting(task: Task, counting: Counting) -> Counting:
    """How the pixels count for a taper: odd ones more again, as a pointed end is odd for an ellipse."""
    return Counting(np.sqrt(counting.weights * task.patches.weights), counting.alike * FINER)


def _tapered(task: Task, counting: Counting, fit: State) -> tuple[Floats, Floats]:
    """Taper along the long axis and its standard error, by one step of least squares from no taper."""
    state = set_up(task, counting, fit.at, fit.design)
    picture = tapered(fit.at, fit.design[:, LINEAR:], task.patches.x, task.patches.y)
    bend = picture * state.linear[:, 3:].astype(np.float32)
    weighted = bend * counting.weights
    beside = np.matmul(weighted[:, None], fit.design.transpose(0, 2, 1))[:, 0] * depths(state)
    beside /= state.variance[:, None]
    # What the other terms could explain of the taper's picture is not the taper's (a Schur complement).
    shared = (beside * solve(curvature(task, state), beside)).sum(axis=1)
    own = (weighted * bend).sum(axis=1) / state.variance + 1 / TAPER_SPREAD**2
    stiff = np.maximum(own - shared, 1 / TAPER_SPREAD**2)
    pull = (weighted * left_over(task, state)).sum(axis=1) / state.variance
    return pull / stiff, 1 / np.sqrt(stiff)
