"""Which part of a photo is which zone of the face: as a person drew it, or one zone for the whole photo."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.model.errors import InputError, Problem
from pellucid.vision.photo import Mask

NAMES = ("forehead", "nose", "cheeks", "chin", "jaw")
"""The zones that the questionnaire asks about."""
FARTHEST = 100_000
"""Pixels: a corner farther away than this is a slip of the pen."""
CORNERS = 3

Polygon = Sequence[tuple[float, float]]
Zones = str | Mapping[str, Polygon] | None


@dataclass(frozen=True, slots=True, eq=False)
class ZoneMap:
    """The zones of one photo."""

    names: tuple[str, ...]
    plane: NDArray[np.uint8] | None
    """(height, width): 0 outside all zones, else the place of the zone in ``names``, from 1; None where the first of
    ``names`` is everywhere."""

    def mask(self, name: str) -> Mask | None:
        """Where a zone is; None where it is everywhere."""
        return None if self.plane is None else self.plane == self.names.index(name) + 1

    def at(self, x_px: float, y_px: float) -> str | None:
        """The zone of a place inside the photo."""
        if self.plane is None:
            return self.names[0] if self.names else None
        height, width = self.plane.shape
        row, column = min(max(round(y_px), 0), height - 1), min(max(round(x_px), 0), width - 1)
        number = int(self.plane[row, column])
        return self.names[number - 1] if number else None


EVERYWHERE = ZoneMap((), None)
"""No zone is told apart."""


def zone_map(zones: Zones, shape: tuple[int, int]) -> ZoneMap:
    """Draw the zones.

    Args:
        zones: a zone's name for the whole photo, or a polygon for each name, corners as (x, y) in pixels of the
            upright photo. Where two overlap, the later one has it.
        shape: height and width of the photo.

    Raises:
        InputError: a name that isn't a zone, or a polygon that is none.
    """
    if zones is None:
        return EVERYWHERE
    if isinstance(zones, str):
        problems = _name_problems("zones", zones)
        if problems:
            raise InputError(problems)
        return ZoneMap((zones,), None)
    if not isinstance(zones, Mapping):
        raise InputError([Problem("zones", "give the name of a zone, or a polygon for each name")])
    problems = [fault for name, corners in zones.items() for fault in _problems(name, corners, shape)]
    if problems:
        raise InputError(problems)
    plane = np.zeros(shape, np.uint8)
    for number, corners in enumerate(zones.values(), 1):
        cv2.fillPoly(plane, [np.rint(np.asarray(corners, float)).astype(np.int32)], number)
    return ZoneMap(tuple(zones), plane)


def _name_problems(where: str, name: object) -> list[Problem]:
    return [] if name in NAMES else [Problem(where, f"{name!r} is no zone; use one of {', '.join(NAMES)}")]


def _problems(name: object, corners: Any, shape: tuple[int, int]) -> list[Problem]:
    """What is wrong with one zone, whatever a person may have put there."""
    where = f"zones.{name}"
    problems = _name_problems(where, name)
    fault = _fault(corners, shape)
    return [*problems, Problem(where, fault)] if fault else problems


def _fault(corners: Any, shape: tuple[int, int]) -> str | None:
    try:
        points = np.asarray(corners, float)
    except (TypeError, ValueError):
        points = np.empty(0)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < CORNERS:  # noqa: PLR2004 - x and y
        return "needs three corners or more, each as x and y in pixels"
    if not np.isfinite(points).all() or np.abs(points).max() > FARTHEST:
        return (
            f"has a corner that is no place in the photo; x goes from 0 to {shape[1] - 1}, y from 0 to {shape[0] - 1}"
        )
    x, y = points.T
    if math.isclose(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2, 0, abs_tol=1):
        return "has no area; name the corners in the order in which you walk around it"
    if x.max() < 0 or y.max() < 0 or x.min() > shape[1] - 1 or y.min() > shape[0] - 1:
        return f"lies outside the photo, which is {shape[1]} pixels wide and {shape[0]} high"
    return None
