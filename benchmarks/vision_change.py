"""Whether a change is told, and whether none is told where nothing changed."""

from dataclasses import dataclass

import numpy as np

from benchmarks.render.strata import draw_skin, take
from benchmarks.vision_scenes import PHOTOTYPES, measured, photo_of
from benchmarks.vision_show import Workers, show
from pellucid.model.change import Effect
from pellucid.vision.compare import compare

_SCALES = (0.85, 0.9, 0.95, 1.0, 1.0, 1.05)
_LIGHTS = ("diffuse", "ring", "polarised")
_LEAVING = 4
"""Every fourth pair loses pores instead of changing their size."""
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Pair:
    """One simulated pair of visits."""

    size: float
    """True change of diameters."""
    count: float
    """True change of the number of pores."""
    diameter: Effect | None
    density: Effect | None
    why: str


def _pair(number: int) -> Pair:
    seed = 80_000 + number
    rng = np.random.default_rng(seed)
    skin = draw_skin(seed, phototype=number % PHOTOTYPES + 1)
    leaving = number % _LEAVING == 0
    scaled = 1.0 if leaving else float(rng.choice(_SCALES))
    kept = rng.random(len(skin.pores)) < (rng.uniform(0.7, 1) if leaving else 1)
    px_per_mm, light = float(rng.uniform(16, 24)), _LIGHTS[number % 3]
    before = take(skin, seed, px_per_mm=px_per_mm, light=light)
    after = take(skin, seed + 500_000, px_per_mm=px_per_mm, light=light, pores_scaled=scaled, keep_pores=kept)
    told = compare(photo_of(before), photo_of(after), scale=px_per_mm)
    why = told.refused or (told.withheld[0] if told.withheld else None)
    return Pair(
        scaled - 1, float(kept.mean()) - 1, told.diameter, told.density, f"{why.what}: {why.code}" if why else ""
    )


def changes(workers: Workers, number: int) -> None:
    """Print slope, smallest detectable change and coverage over simulated pairs of visits."""
    pairs = workers.map(_pair, list(range(number)))
    rows = np.array(
        [(p.size, p.diameter.change.value, p.diameter.change.low, p.diameter.change.high) for p in pairs if p.diameter]
    ).reshape(-1, 4)
    reasons = sorted({p.why for p in pairs if not p.diameter})
    if len(rows) < 3:  # noqa: PLR2004 - too few for a line
        show("paired diameter, smallest detectable change", None, n=len(rows), asked=number, reasons=reasons)
        return
    slope, start = np.polyfit(rows[:, 0], rows[:, 1], 1)
    left = rows[:, 1] - slope * rows[:, 0] - start
    show(
        "paired diameter on matched pores, smallest detectable change, slope-corrected",
        float(_Z * left.std(ddof=2) / slope),
        aim=0.05,
        moonshot=0.02,
        n=len(rows),
        asked=number,
        slope=float(slope),
        start=float(start),
        stated=float(np.median([p.diameter.smallest_detectable for p in pairs if p.diameter])),
        reasons=reasons,
    )
    _coverage("diameter", rows)
    counted = np.array(
        [
            (p.count, p.density.change.value, p.density.change.low, p.density.change.high)
            for p in pairs
            if p.density and not p.size
        ]
    ).reshape(-1, 4)
    if len(counted):
        _coverage("number of pores", counted)
    still = [p for p in pairs if p.diameter and not p.size]
    wrong = sum(p.diameter.direction != "no_detectable_change" for p in still if p.diameter)
    show(
        "share of pairs without a change of size that are told one", wrong / max(1, len(still)), aim=0.05, n=len(still)
    )


def _coverage(what: str, rows: np.ndarray) -> None:
    held = int(((rows[:, 2] <= rows[:, 0]) & (rows[:, 0] <= rows[:, 3])).sum())
    low, high = wilson(held, len(rows))
    show(
        f"coverage of the 95 % interval of a simulated change of {what}",
        held / len(rows),
        aim=0.95,
        n=len(rows),
        wilson=(round(low, 4), round(high, 4)),
        holds_95=low <= 0.95 <= high,  # noqa: PLR2004 - what the interval states
        too_low=int((rows[:, 3] < rows[:, 0]).sum()),
        too_high=int((rows[:, 2] > rows[:, 0]).sum()),
        median_width=float(np.median(rows[:, 3] - rows[:, 2])),
    )


def wilson(held: int, number: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share = held / number
    middle = share + _Z**2 / (2 * number)
    spread = _Z * np.sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2))
    return float((middle - spread) / (1 + _Z**2 / number)), float((middle + spread) / (1 + _Z**2 / number))


def _again(task: tuple[int, int]) -> tuple[float, float, float]:
    """Density that is told, finds a cm2, and mean diameter of one of several photos of a skin."""
    seed, visit = task
    skin = draw_skin(seed, phototype=seed % PHOTOTYPES + 1)
    told = measured(take(skin, 10 * seed + visit, px_per_mm=20.0, light="diffuse"))
    density, mean = told.density_per_cm2, told.mean_diameter_mm
    nan = float("nan")
    counted = [pore for pore in told.pores if pore.diameter_mm >= (told.density_from_mm or 0)]
    return (
        density.value if density else nan,
        len(counted) / told.sampled_cm2 if told.sampled_cm2 else nan,
        mean.value if mean else nan,
    )


def repeats(workers: Workers, skins: int, visits: int = 5) -> None:
    """Print how much a skin's figures vary when it is photographed again, a little shifted, turned and relit."""
    tasks = [(90_000 + skin, visit) for skin in range(skins) for visit in range(visits)]
    rows = np.array(workers.map(_again, tasks)).reshape(skins, visits, 3)
    spread = np.sqrt(np.nanmean((np.nanstd(rows, axis=1, ddof=1) / np.nanmean(rows, axis=1)) ** 2, axis=0))
    show(
        "count repeatability, re-photographed, CV of the density",
        float(spread[0]),
        aim=0.08,
        moonshot=0.03,
        n=skins * visits,
        cv_of_finds_per_cm2=float(spread[1]),
        cv_of_mean_diameter=float(spread[2]),
    )
