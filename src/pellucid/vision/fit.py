"""Size, stretch and direction of each pore, from a blurred ellipse fitted to the pixels around it.

Many pores are fitted at once by Levenberg-Marquardt steps in NumPy. ``fit_model`` holds what a pore looks like,
``fit_patches`` cuts the pixels out; which pores there are comes from ``detect``, what their shapes are called from
``describe``.
"""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pellucid.vision.fit_model import (
    LOG_RADIUS,
    LOG_SOFTNESS,
    PARAMETERS,
    SHEAR_1,
    SHEAR_2,
    Floats,
    Singles,
    Views,
    X,
    Y,
    mouth,
    own_axes,
    tapered,
    turned,
    views,
)
from pellucid.vision.fit_patches import Group, Level, Patches, cut, groups, levels_of
from pellucid.vision.fit_prior import MOST_TELLING, TELLING_PX, Expected, learned
from pellucid.vision.photo import Field

if TYPE_CHECKING:
    from pellucid.vision.detect import Found

CHUNK = 256
"""Pores fitted at once: their pictures and slopes stay in the processor's cache."""
ROUNDS = (3, 2)
"""Steps before and after pixels that don't belong are given less weight."""
ODD = 2.5
"""Standard deviations from which a pixel counts as not the pore's or the skin's own."""
BLUR_ERROR = 0.1
"""Relative standard error of the lens' blur."""
BLUR_WEIGHT = 6.5
"""An error of the blur moves the size, the other way, by this times the squared ratio of blur to diameter."""
ALIKE = 10.0
"""How many neighbouring pixels are worth one, before looking: noise and the skin's texture are alike in them."""
ALIKE_TIMES = 8.0
"""That number is this times (1 + r) / (1 - r), r the correlation of pixels side by side in what a fit leaves. From
rendered skin, so that nearly 95 % of errors are less than twice the standard error; noise alone would need 1.2."""

MOST_ALIKE = 0.8
TAPER_SPREAD = 0.5
"""Taper that is expected before looking."""
FINER = 1 / 7
"""Of the variance that the skin's texture gives sizes, the part it gives a taper, whose picture is finer."""
LONGEST_STEP = 0.4
"""Of the log size and the shears in one step; of the place, in radii."""
NO_DIRECTION = 180 / 12**0.5
"""Degrees: the standard deviation of a direction of which nothing is known."""
_TINY = 1e-9
_LINEAR = 4
"""Skin's brightness, its two slopes, and the pore's depth: linear least squares, for given parameters."""


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """What was fitted, in the order of the finds; (n,) each."""

    x_px: Floats
    y_px: Floats
    diameter_px: Floats
    """Of the circle with the mouth's area."""
    diameter_se_px: Floats
    aspect: Floats
    aspect_se: Floats
    angle_deg: Floats
    """Of the long axis, from x towards y, 0 up to 180."""
    angle_se_deg: Floats
    """At most 52, which is what a direction that isn't known at all has."""
    contrast: Floats
    """Depth of the mouth without blur: -log of light, above 0 where darker than the skin around it."""
    contrast_se: Floats
    log_softness: Floats
    """Of the edge, as part of the radius: from -2 and below for a punched hole to 0 for a bowl."""
    taper: Floats
    """How much narrower one end is: the width changes by this part of itself over half the length."""
    taper_se: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """What is given of one chunk of pores."""

    patches: Patches
    blur: float
    expected: Floats
    """(n, 6) parameters expected before looking."""
    trust: Floats
    """(n, 6) one over the variance of that; alike along all axes of a place, and of a shear."""


@dataclass(frozen=True, slots=True, eq=False)
class _Counting:
    """How the pixels of a chunk count."""

    weights: Singles
    """(n, p) 0 to 1."""
    alike: Floats
    """(n,) how many pixels are worth one, as their noise is alike."""


@dataclass(slots=True)
class _State:
    """Where the fits of one chunk stand."""

    at: Floats
    """(n, 6) parameters."""
    normal: Floats
    """(n, 10, 10) products of the linear terms and of the slopes at depth 1, along each pore's own axes."""
    right: Floats
    """(n, 10) their products with the pixels."""
    linear: Floats
    """(n, 4)."""
    cost: Floats
    """(n,) weighted sum of squares of what is left."""
    variance: Floats
    """(n,) of the noise of as many pixels as are worth one."""

    def take(self, other: "_State", better: NDArray[np.bool_]) -> None:
        """Go where another state is better."""
        for field in fields(self):
            getattr(self, field.name)[better] = getattr(other, field.name)[better]


def fit_pores(field: Field, found: "Found", expected: Expected | None = None) -> Fits:
    """Fit a blurred ellipse on an even or sloping background to each find.

    The estimates weigh the pixels against what is expected of size, stretch, place and softness (``fit_prior``), so
    that a pore of few pixels keeps a finite size; the larger and deeper a pore, the less that matters. Standard errors
    count the noise as it is left in the pixels, with its correlation, and the error of the blur; the error of the scale
    isn't in.

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
    for group in groups(levels, blur_px, *finds.T):
        for start in range(0, len(group.index), CHUNK):
            some = group.part(slice(start, start + CHUNK))
            table[some.index] = _fit(some, expected)
    return Fits(*np.ascontiguousarray(table.T))


def _fit(group: Group, expected: Expected) -> Floats:
    """One chunk: (n, fields of Fits)."""
    patches = cut(group)
    at, spread = expected.start(group.diameters, 2.0**group.level)
    at[:, :LOG_RADIUS] = group.places - patches.corner
    task = _Task(patches, group.blur, at, 1 / spread**2)
    counting = _Counting(patches.weights, np.full(len(at), ALIKE))
    drawn = _drawn(task, at)
    for steps in ROUNDS:
        at = _descend(task, counting, at, drawn, steps)
        drawn = _drawn(task, at)
        counting = _recounted(task, counting, at, drawn)
    return _told(task, counting, group, at, drawn)


def _drawn(task: _Task, at: Floats) -> Views:
    return views(at, task.blur, task.patches.x, task.patches.y)


def _design(task: _Task, drawn: Views) -> Singles:
    """(n, 10, p): what a pixel is a sum of, and how the pore's picture changes along its axes."""
    patches = task.patches
    design = np.empty((len(drawn.picture), _LINEAR + PARAMETERS, len(patches.x)), np.float32)
    reach = patches.x.max()
    design[:, 0], design[:, 1], design[:, 2] = 1, patches.x / reach, patches.y / reach
    design[:, 3], design[:, _LINEAR:] = drawn.picture, drawn.slopes
    return design


def _set_up(task: _Task, counting: _Counting, at: Floats, design: Singles) -> _State:
    """The normal equations at some parameters."""
    values, weights = task.patches.dark, counting.weights
    weighted = design * weights[:, None]
    normal = np.matmul(weighted, design.transpose(0, 2, 1)).astype(np.float64)
    right = np.matmul(weighted, values[:, :, None])[:, :, 0].astype(np.float64)
    linear = _solve(normal[:, :_LINEAR, :_LINEAR] + _TINY * np.eye(_LINEAR), right[:, :_LINEAR])
    cost = (weights * values * values).sum(axis=1) - (linear * right[:, :_LINEAR]).sum(axis=1)
    cost = np.maximum(cost, 0) + _TINY
    free = np.maximum(weights.sum(axis=1, dtype=np.float64) - design.shape[1], 1)
    return _State(at, normal, right, linear, cost, counting.alike * cost / free)


def _descend(task: _Task, counting: _Counting, at: Floats, drawn: Views, steps: int) -> Floats:
    """Levenberg-Marquardt: go where the sum of squares and of departures from what is expected gets less."""
    state = _set_up(task, counting, at, _design(task, drawn))
    damping = np.full(len(at), 1e-2)
    for _ in range(steps):
        there = state.at + _step(task, state, damping)
        trial = _set_up(task, counting, there, _design(task, _drawn(task, there)))
        better = _total(task, trial, state.variance) < _total(task, state, state.variance)
        state.take(trial, better)
        damping *= np.where(better, 0.2, 10.0)
    return state.at


def _total(task: _Task, state: _State, variance: Floats) -> Floats:
    return np.asarray(state.cost / variance + ((state.at - task.expected) ** 2 * task.trust).sum(axis=1))


def _depths(state: _State) -> Floats:
    """(n, 10) by what the columns of the design, drawn at depth 1, have to be multiplied."""
    scale = np.ones(state.right.shape)
    scale[:, _LINEAR:] = state.linear[:, 3:]
    return scale


def _curvature(task: _Task, state: _State) -> Floats:
    """(n, 10, 10) inverse covariance of linear terms and parameters."""
    scale = _depths(state)
    curvature = state.normal * scale[:, :, None] * scale[:, None, :] / state.variance[:, None, None]
    diagonal = np.einsum("nii->ni", curvature)
    diagonal[:, :_LINEAR] += _TINY
    diagonal[:, _LINEAR:] += task.trust
    return curvature


def _step(task: _Task, state: _State, damping: Floats) -> Floats:
    """(n, 6) what to add to the parameters."""
    curvature = _curvature(task, state)
    np.einsum("nii->ni", curvature)[:, _LINEAR:] *= 1 + damping[:, None]
    left = state.right - np.einsum("nij,nj->ni", state.normal[:, :, :_LINEAR], state.linear)
    pull = np.zeros(left.shape)
    angle, _ = own_axes(state.at[:, SHEAR_1:])
    pull[:, _LINEAR:] = (left * state.linear[:, 3:] / state.variance[:, None])[:, _LINEAR:]
    pull[:, _LINEAR:] -= turned((state.at - task.expected) * task.trust, angle)
    step = turned(_solve(curvature, pull)[:, _LINEAR:], -angle)
    bound = np.full(step.shape, LONGEST_STEP)
    bound[:, :LOG_RADIUS] *= np.exp(state.at[:, LOG_RADIUS, None])
    return np.clip(step, -bound, bound)


def _solve(matrices: Floats, vectors: Floats) -> Floats:
    return np.asarray(np.linalg.solve(matrices, vectors[:, :, None])[:, :, 0], float)


def _left(task: _Task, design: Singles, state: _State) -> Singles:
    """(n, p) what the fit leaves of the pixels."""
    terms = np.matmul(state.linear[:, None].astype(np.float32), design[:, :_LINEAR])
    return np.asarray(task.patches.dark - terms[:, 0])


def _recounted(task: _Task, counting: _Counting, at: Floats, drawn: Views) -> _Counting:
    """How the pixels count once a fit is known: hairs, highlights and pores that nobody found count less."""
    design = _design(task, drawn)
    state = _set_up(task, counting, at, design)
    left = _left(task, design, state)
    odd = left / (ODD * _spread(left, task.patches.weights))[:, None]
    weights = task.patches.weights / (1 + odd * odd) ** 2
    left *= np.sqrt(weights)
    one, other = task.patches.beside
    shared = (left[:, one] * left[:, other]).sum(axis=1) / len(one)
    alike = np.clip(shared * left.shape[1] / np.maximum((left * left).sum(axis=1), _TINY), 0, MOST_ALIKE)
    # One patch tells its own correlation only roughly.
    alike = (alike + np.median(alike)) / 2
    return _Counting(weights, np.asarray(ALIKE_TIMES * (1 + alike) / (1 - alike), float))


def _spread(left: Singles, weights: Singles) -> Singles:
    """(n,) standard deviation of what is left, by its median, which a hair across the patch doesn't move."""
    sizes = np.where(weights > 0, np.abs(left), np.float32(np.inf))
    sizes.sort(axis=1)
    middle = np.count_nonzero(weights > 0, axis=1) // 2
    median = sizes[np.arange(len(sizes)), np.minimum(middle, sizes.shape[1] - 1)]
    return np.asarray(1.4826 * np.where(np.isfinite(median), median, 0) + _TINY, np.float32)


def _told(task: _Task, counting: _Counting, group: Group, at: Floats, drawn: Views) -> Floats:
    """(n, fields of Fits) in pixels of the photo."""
    step = 2.0**group.level
    design = _design(task, drawn)
    state = _set_up(task, counting, at, design)
    covariance = np.linalg.inv(_curvature(task, state))
    error = np.sqrt(np.einsum("nii->ni", covariance))
    edge, top = mouth(at[:, LOG_SOFTNESS])
    diameter = 2 * np.exp(at[:, LOG_RADIUS] + edge)
    size_error = np.hypot(
        _edge_error(at, np.asarray(covariance, float)), BLUR_ERROR * BLUR_WEIGHT * (group.blur / diameter) ** 2
    )
    columns = (
        (at[:, X] + task.patches.corner[:, X] + 0.5) * step - 0.5,
        (at[:, Y] + task.patches.corner[:, Y] + 0.5) * step - 0.5,
        diameter * step,
        diameter * step * size_error,
        *_stretched(at[:, SHEAR_1:], error[:, _LINEAR + SHEAR_1], error[:, _LINEAR + SHEAR_2]),
        state.linear[:, 3] * top,
        error[:, 3] * top,
        at[:, LOG_SOFTNESS],
        *_tapered(task, _trusting(task, counting), at, drawn),
    )
    return np.column_stack(columns)


def _edge_error(at: Floats, covariance: Floats) -> Floats:
    """(n,) standard error of the log of the mouth's radius, which follows from radius and softness."""
    step = 0.05
    slope = (mouth(at[:, LOG_SOFTNESS] + step)[0] - mouth(at[:, LOG_SOFTNESS] - step)[0]) / (2 * step)
    size, soft = _LINEAR + LOG_RADIUS, _LINEAR + LOG_SOFTNESS
    variance = covariance[:, size, size] + 2 * slope * covariance[:, size, soft] + slope**2 * covariance[:, soft, soft]
    return np.asarray(np.sqrt(np.maximum(variance, 0)))


def _stretched(shears: Floats, along: Floats, across: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Aspect and angle with their standard errors.

    Noise makes shears larger whichever way it points; what its part across them adds is taken off.
    """
    angle, size = own_axes(shears)
    aspect = np.exp(2 * np.sqrt(np.maximum(size**2 - across**2, 0)))
    angle_se = np.minimum(np.degrees(across / np.maximum(2 * size, _TINY)), NO_DIRECTION)
    return aspect, 2 * aspect * along, np.degrees(angle) % 180, angle_se


def _trusting(task: _Task, counting: _Counting) -> _Counting:
    """How the pixels count for a taper: odd ones more again, as a pointed end is odd for an ellipse."""
    return _Counting(np.sqrt(counting.weights * task.patches.weights), counting.alike * FINER)


def _tapered(task: _Task, counting: _Counting, at: Floats, drawn: Views) -> tuple[Floats, Floats]:
    """Taper along the long axis and its standard error, by one step of least squares from no taper."""
    design = _design(task, drawn)
    state = _set_up(task, counting, at, design)
    bend = tapered(drawn, at) * state.linear[:, 3:].astype(np.float32)
    weighted = bend * counting.weights
    beside = np.matmul(weighted[:, None], design.transpose(0, 2, 1))[:, 0] * _depths(state) / state.variance[:, None]
    # What the other terms could explain of the taper's picture is not the taper's (a Schur complement).
    shared = (beside * _solve(_curvature(task, state), beside)).sum(axis=1)
    own = (weighted * bend).sum(axis=1) / state.variance + 1 / TAPER_SPREAD**2
    stiff = np.maximum(own - shared, 1 / TAPER_SPREAD**2)
    pull = (weighted * _left(task, design, state)).sum(axis=1) / state.variance
    return pull / stiff, 1 / np.sqrt(stiff)
