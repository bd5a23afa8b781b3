"""The steps of a fit: Levenberg-Marquardt on the pixels of many pores at once, and how much each pixel counts.

What a pore looks like stands in ``fit_model``, the pixels come from ``fit_patches``; what is asked of the result stands
in ``fit``.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from pellucid.vision.fit_model import LOG_RADIUS, PARAMETERS, SHEAR_1, Floats, Singles, own_axes, turned, views
from pellucid.vision.fit_patches import Patches

ROUNDS = (3, 2)
"""Steps before and after pixels that don't belong are given less weight."""
ODD = 2.5
"""Standard deviations from which a pixel counts as not the pore's or the skin's own."""
ALIKE = 10.0
"""How many neighbouring pixels are worth one, before looking: noise and the skin's texture are alike in them."""
ALIKE_TIMES = 8.0
"""That number is this times (1 + r) / (1 - r), r the correlation of pixels side by side in what a fit leaves. From
rendered skin, so that nearly 95 % of errors are less than twice the standard error; noise alone would need 1.2."""

MOST_ALIKE = 0.8
LONGEST_STEP = 0.4
"""Of the log size and the shears in one step; of the place, in radii."""
LINEAR = 4
"""Skin's brightness, its two slopes, and the pore's depth: linear least squares, for given parameters."""
TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is given of one chunk of pores."""

    patches: Patches
    blur: float
    start: Floats
    """(n, 6) parameters expected before looking."""
    trust: Floats
    """(n, 6) one over the variance of that; alike along all axes of a place, and of a shear."""


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """How the pixels of a chunk count."""

    weights: Singles
    """(n, p) 0 to 1."""
    alike: Floats
    """(n,) how many pixels are worth one, as their noise is alike."""


@dataclass(slots=True)
class State:
    """Where the fits of one chunk stand."""

    at: Floats
    """(n, 6) parameters."""
    design: Singles
    """(n, 10, p): what a pixel is a sum of, and how the pore's picture changes along its axes, at depth 1."""
    normal: Floats
    """(n, 10, 10) products of the linear terms and of the slopes, along each pore's own axes."""
    right: Floats
    """(n, 10) their products with the pixels."""
    linear: Floats
    """(n, 4)."""
    cost: Floats
    """(n,) weighted sum of squares of what is left."""
    variance: Floats
    """(n,) of the noise of as many pixels as are worth one."""

    def put(self, other: "State", where: NDArray[np.bool_]) -> None:
        """Stand where another state does, for some of the fits."""
        for field in fields(self):
            getattr(self, field.name)[where] = getattr(other, field.name)[where]


def fitted(task: Task) -> tuple[State, Counting]:
    """Go from what is expected towards what fits the pixels best.

    Returns:
        where the fits stand then, and how their pixels count.
    """
    counting = Counting(task.patches.weights, np.full(len(task.start), ALIKE))
    state = set_up(task, counting, task.start, _design(task, task.start))
    for steps in ROUNDS:
        state = _descend(task, counting, state, steps)
        counting = _recounted(task, state)
        state = set_up(task, counting, state.at, state.design)
    return state, counting


def _design(task: Task, at: Floats) -> Singles:
    patches = task.patches
    design = np.empty((len(at), LINEAR + PARAMETERS, len(patches.x)), np.float32)
    reach = patches.x.max()
    design[:, 0], design[:, 1], design[:, 2] = 1, patches.x / reach, patches.y / reach
    views(at, task.blur, patches.x, patches.y, into=design[:, LINEAR - 1 :])
    return design


def set_up(task: Task, counting: Counting, at: Floats, design: Singles) -> State:
    """The normal equations at some parameters.

    Args:
        task: the pores.
        counting: how their pixels count.
        at: (n, 6) the parameters.
        design: (n, 10, p) as drawn with them.
    """
    values, weights = task.patches.dark, counting.weights
    weighted = design * weights[:, None]
    normal = np.matmul(weighted, design.transpose(0, 2, 1)).astype(np.float64)
    right = np.matmul(weighted, values[:, :, None])[:, :, 0].astype(np.float64)
    linear = solve(normal[:, :LINEAR, :LINEAR] + TINY * np.eye(LINEAR), right[:, :LINEAR])
    cost = (weights * values * values).sum(axis=1) - (linear * right[:, :LINEAR]).sum(axis=1)
    cost = np.maximum(cost, 0) + TINY
    free = np.maximum(weights.sum(axis=1, dtype=np.float64) - design.shape[1], 1)
    return State(at, design, normal, right, linear, cost, counting.alike * cost / free)


def _descend(task: Task, counting: Counting, state: State, steps: int) -> State:
    """Levenberg-Marquardt: go where the sum of squares gets less by more than the step costs.

    A step costs the square of its length, in standard deviations of what is expected, so that pixels which tell little
    move little.
    """
    damping = np.full(len(state.at), 1e-2)
    for _ in range(steps):
        there = state.at + _step(task, state, damping)
        trial = set_up(task, counting, there, _design(task, there))
        toll = ((there - state.at) ** 2 * task.trust).sum(axis=1)
        better = trial.cost / state.variance + toll < state.cost / state.variance
        # Most steps lead on: the few that don't are undone.
        trial.put(state, ~better)
        state = trial
        damping *= np.where(better, 0.2, 10.0)
    return state


def depths(state: State) -> Floats:
    """(n, 10) by what the columns of the design, drawn at depth 1, have to be multiplied."""
    scale = np.ones(state.right.shape)
    scale[:, LINEAR:] = state.linear[:, 3:]
    return scale


def curvature(task: Task, state: State) -> Floats:
    """(n, 10, 10) inverse covariance of linear terms and parameters."""
    scale = depths(state)
    result = state.normal * scale[:, :, None] * scale[:, None, :] / state.variance[:, None, None]
    diagonal = np.einsum("nii->ni", result)
    diagonal[:, :LINEAR] += TINY
    diagonal[:, LINEAR:] += task.trust
    return result


def _step(task: Task, state: State, damping: Floats) -> Floats:
    """(n, 6) what to add to the parameters."""
    damped = curvature(task, state)
    np.einsum("nii->ni", damped)[:, LINEAR:] *= 1 + damping[:, None]
    left = state.right - np.einsum("nij,nj->ni", state.normal[:, :, :LINEAR], state.linear)
    pull = np.zeros(left.shape)
    angle, _ = own_axes(state.at[:, SHEAR_1:])
    pull[:, LINEAR:] = (left * state.linear[:, 3:] / state.variance[:, None])[:, LINEAR:]
    step = turned(solve(damped, pull)[:, LINEAR:], -angle)
    bound = np.full(step.shape, LONGEST_STEP)
    bound[:, :LOG_RADIUS] *= np.exp(state.at[:, LOG_RADIUS, None])
    return np.clip(step, -bound, bound)


def solve(matrices: Floats, vectors: Floats) -> Floats:
    """(n, k) what (n, k, k) matrices make (n, k) vectors of."""
    return np.asarray(np.linalg.solve(matrices, vectors[:, :, None])[:, :, 0], float)


def left_over(task: Task, state: State) -> Singles:
    """(n, p) what the fit leaves of the pixels."""
    terms = np.matmul(state.linear[:, None].astype(np.float32), state.design[:, :LINEAR])
    return np.asarray(task.patches.dark - terms[:, 0])


def _recounted(task: Task, state: State) -> Counting:
    """How the pixels count once a fit is known: hairs, highlights and pores that nobody found count less."""
    left = left_over(task, state)
    odd = left / (ODD * _spread(left, task.patches.weights))[:, None]
    weights = task.patches.weights / (1 + odd * odd) ** 2
    left *= np.sqrt(weights)
    one, other = task.patches.beside
    shared = (left[:, one] * left[:, other]).sum(axis=1) / len(one)
    alike = np.clip(shared * left.shape[1] / np.maximum((left * left).sum(axis=1), TINY), 0, MOST_ALIKE)
    # One patch tells its own correlation only roughly.
    alike = (alike + np.median(alike)) / 2
    return Counting(weights, np.asarray(ALIKE_TIMES * (1 + alike) / (1 - alike), float))


def _spread(left: Singles, weights: Singles) -> Singles:
    """(n,) standard deviation of what is left, by its median, which a hair across the patch doesn't move."""
    sizes = np.where(weights > 0, np.abs(left), np.float32(np.inf))
    sizes.sort(axis=1)
    middle = np.count_nonzero(weights > 0, axis=1) // 2
    median = sizes[np.arange(len(sizes)), np.minimum(middle, sizes.shape[1] - 1)]
    return np.asarray(1.4826 * np.where(np.isfinite(median), median, 0) + TINY, np.float32)
