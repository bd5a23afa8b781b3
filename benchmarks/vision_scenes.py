"""The photos that ``vision.py`` measures, by number, and how what was found in one is scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.render.strata import draw_skin, take
from benchmarks.render.truth import Scene, match
from pellucid.model.photo import PhotoMeasurement
from pellucid.vision.measure import measure
from pellucid.vision.photo import Photo

Numbers = NDArray[np.float64]

PHOTOTYPES = 6
GUIDED_PX_PER_MM = (16.0, 40.0)
PHONE_PX_PER_MM = (9.0, 16.0)


@dataclass(frozen=True, slots=True)
class Shot:
    """One photo to be rendered."""

    skin: int
    seed: int
    px_per_mm: float
    guided: bool
    wishes: Mapping[str, Any] = field(default_factory=dict)
    """Of the skin."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """Of the photo."""


def render(shot: Shot) -> Scene:
    """The photo and its truth."""
    skin = draw_skin(shot.skin, **shot.wishes)
    return take(skin, shot.seed, px_per_mm=shot.px_per_mm, guided=shot.guided, **shot.asked)


def photo_of(scene: Scene) -> Photo:
    """As the product takes it."""
    return Photo("rendered", scene.pixels)


def measured(scene: Scene) -> PhotoMeasurement:
    """What the product says of it, told its scale."""
    return measure(photo_of(scene), scale=scene.px_per_mm).photos[0]


def shots(first: int, number: int, *, guided: bool, **wishes: Any) -> list[Shot]:
    """Skins of all phototypes in turn, at scales spread evenly (in log) over the range."""
    low, high = np.log(GUIDED_PX_PER_MM if guided else PHONE_PX_PER_MM)
    scales = np.exp(low + (high - low) * ((np.arange(number) * 0.618034) % 1))
    return [
        Shot(first + at, first + at, float(scales[at]), guided, {"phototype": at % PHOTOTYPES + 1, **wishes})
        for at in range(number)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """One set of finds against the truth of one photo."""

    right: int
    alarms: int
    missed: int
    unseen: int
    """Finds on true pores that don't count as visible."""
    px_per_mm: float
    phototype: int
    cm2: float
    sizes: Numbers
    """(n, 2): found and true millimetres of visible pores that were found."""


def score(found_xy: Numbers, diameter_mm: Numbers, scene: Scene, *, snr: float = 2.0) -> Score:
    """Count what is right, wrong and missed; see ``render.truth``."""
    result = match(found_xy, scene, snr=snr)
    seen = [scene.pores[true].visible(scene.px_per_mm, snr=snr) for _, true in result.pairs]
    sizes = [
        (diameter_mm[one], scene.pores[true].diameter_mm)
        for (one, true), good in zip(result.pairs, seen, strict=True)
        if good
    ]
    return Score(
        right=sum(seen),
        alarms=len(result.alarms),
        missed=len(result.missed),
        unseen=len(seen) - sum(seen),
        px_per_mm=scene.px_per_mm,
        phototype=scene.phototype,
        cm2=float(scene.skin.sum()) / (10 * scene.px_per_mm) ** 2,
        sizes=np.array(sizes, float).reshape(-1, 2),
    )


def f1(scores: Sequence[Score], *, strict: bool = False) -> float:
    """Harmonic mean of precision and recall over all photos together; nan without any pore.

    Args:
        scores: of the photos.
        strict: count finds on invisible pores as alarms.
    """
    right, alarms, missed = (sum(getattr(each, name) for each in scores) for name in ("right", "alarms", "missed"))
    if strict:
        alarms += sum(each.unseen for each in scores)
    whole = 2 * right + alarms + missed
    return 2 * right / whole if whole else float("nan")


def precision(scores: Sequence[Score]) -> float:
    """Share of finds that are right."""
    right = sum(each.right for each in scores)
    return right / max(1, right + sum(each.alarms for each in scores))


def recall(scores: Sequence[Score]) -> float:
    """Share of visible pores that are found."""
    right = sum(each.right for each in scores)
    return right / max(1, right + sum(each.missed for each in scores))


def alarms_per_cm2(scores: Sequence[Score]) -> float:
    """False alarms on the skin that was shown."""
    return sum(each.alarms for each in scores) / max(1e-9, sum(each.cm2 for each in scores))
