"""Whether pores are found: F1 beside the peers and an oracle, by phototype, and false alarms where there are none."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from benchmarks.render.strata.camera import log_light
from benchmarks.render.truth import Scene, match
from benchmarks.vision_peers import PEERS, peer_score, tuned
from benchmarks.vision_scenes import (
    PHOTOTYPES,
    Numbers,
    Score,
    Shot,
    alarms_per_cm2,
    f1,
    measured,
    precision,
    recall,
    render,
    score,
    shots,
)
from benchmarks.vision_show import Workers, show
from pellucid.model.photo import PhotoMeasurement

STRICT_SNR = 4.0
_BANDS = (16.0, 22.0, 30.0, 40.1)
_LEAST_PORES = 3000
_TUNED_ON = 6
_TUNED_PX = 320
_TOUCHED = 0.01
"""Change of log light from which a pore reaches a pixel."""
_PLACES = 12
"""Pore-free places that an oracle tries for one pore."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What one photo gave."""

    ours: Score
    ours_strict: Score
    """Only pores of SNR 4 count as visible."""
    peers: dict[str, Score]
    oracle: tuple[Numbers, Numbers, Numbers]
    """Answers at true pores, at pore-free places, and how many places each of those stands for."""
    told: tuple[float, float] | None
    """Density and the diameter from which it counts."""
    true_density: tuple[float, float]
    """From that diameter on: of visible pores, and of all."""
    density_250: tuple[float, float] | None
    sizes: Numbers
    """(n, 4): of visible pores that were found and can be sized: found, its error, true, and true pixels across."""
    turns: Numbers
    """Errors of the long axis, degrees."""
    calls: Numbers
    """(n, 2): confidence, and 1 for a true pore."""
    plugs: tuple[int, int]
    """Named rightly, named at all."""
    refused: bool


def look(task: tuple[Shot, dict[str, float]]) -> Seen:
    """Render a photo, measure it, and let the peers try."""
    shot, thresholds = task
    scene = render(shot)
    told = measured(scene)
    xy, sizes = places(told)
    result = match(xy, scene)
    pairs = [(told.pores[one], scene.pores[true]) for one, true in result.pairs]
    shown = [(pore, true) for pore, true in pairs if true.visible(scene.px_per_mm)]
    across = [true.diameter_mm * scene.px_per_mm for _, true in shown]
    sized = [
        (pore.diameter_mm, pore.diameter_se_mm, true.diameter_mm, wide)
        for (pore, true), wide in zip(shown, across, strict=True)
    ]
    turns = [
        abs((pore.angle_deg - true.angle_deg + 90) % 180 - 90)
        for (pore, true), wide in zip(shown, across, strict=True)
        if true.aspect >= 1.3 and wide >= 8  # noqa: PLR2004 - as the figure says
    ]
    calls = [(pore.confidence, 1.0) for pore, _ in shown] + [(told.pores[at].confidence, 0.0) for at in result.alarms]
    named = [(pore.plug, true.plug) for pore, true in shown if pore.plug != "uncertain"]
    least = told.density_from_mm or 0.1
    large = told.density_250_per_cm2
    return Seen(
        ours=score(xy, sizes, scene),
        ours_strict=score(xy, sizes, scene, snr=STRICT_SNR),
        peers={name: peer_score(name, scene, each) for name, each in thresholds.items()},
        oracle=_oracle(scene),
        told=(told.density_per_cm2.value, least) if told.density_per_cm2 else None,
        true_density=(_density(scene, least, all_=False), _density(scene, least, all_=True)),
        density_250=(large.value, _density(scene, 0.25, all_=False)) if large else None,
        sizes=np.array(sized, float).reshape(-1, 4),
        turns=np.array(turns, float),
        calls=np.array(calls, float).reshape(-1, 2),
        plugs=(sum(one == other for one, other in named), len(named)),
        refused=told.refused is not None,
    )


def places(told: PhotoMeasurement) -> tuple[Numbers, Numbers]:
    """(n, 2) pixels and (n,) millimetres of what was found."""
    xy = np.array([(pore.x_px, pore.y_px) for pore in told.pores], float).reshape(-1, 2)
    return xy, np.array([pore.diameter_mm for pore in told.pores], float)


def _density(scene: Scene, least_mm: float, *, all_: bool) -> float:
    cm2 = float(scene.skin.sum()) / (10 * scene.px_per_mm) ** 2
    return sum(p.diameter_mm >= least_mm and (all_ or p.visible(scene.px_per_mm)) for p in scene.pores) / cm2


def _oracle(scene: Scene) -> tuple[Numbers, Numbers, Numbers]:
    """Answers of the filter that knows each pore's own picture, at the pore and where there is none.

    They count in standard deviations of the latter over the photo.
    """
    change: Numbers = scene.settings["change"]
    light = log_light(scene.pixels)
    light = light - cv2.GaussianBlur(light, (0, 0), scene.px_per_mm)
    free = cv2.dilate((np.abs(change) > _TOUCHED).astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    rng = np.random.default_rng(5)
    pores = [pore for pore in scene.pores if pore.visible(scene.px_per_mm)]
    height, width = light.shape
    at, off, stands_for = [], [], []
    for pore in pores:
        half = int(np.ceil(0.75 * pore.diameter_mm * scene.px_per_mm)) + 2
        x, y = round(pore.x_px), round(pore.y_px)
        if not (half <= x < width - half and half <= y < height - half):
            continue
        template = change[y - half : y + half + 1, x - half : x + half + 1].astype(float)
        template = template - template.mean()
        template /= np.sqrt((template**2).sum())
        at.append(float((template * light[y - half : y + half + 1, x - half : x + half + 1]).sum()))
        tried = [
            (column, row)
            for column, row in zip(
                rng.integers(half, width - half, _PLACES), rng.integers(half, height - half, _PLACES), strict=True
            )
            if free[row - 1 : row + 2, column - 1 : column + 2].all()
        ]
        places_here = free.sum() / (2 * pore.diameter_mm * scene.px_per_mm) ** 2 / len(pores)
        for column, row in tried:
            part = light[row - half : row + half + 1, column - half : column + half + 1]
            off.append(float((template * part).sum()))
            stands_for.append(places_here / len(tried))
    spread = float(np.std(off)) if off else 1.0
    return np.array(at) / spread, np.array(off) / spread, np.array(stands_for)


def oracle_f1(seen: Iterable[Seen]) -> float:
    """F1 of the oracle at the one threshold that suits it best over all photos."""
    parts = [each.oracle for each in seen]
    at, off, weight = (np.concatenate([part[k] for part in parts]) for k in range(3))
    best = 0.0
    for threshold in np.quantile(at, np.linspace(0, 0.9, 91)):
        right = float((at >= threshold).sum())
        best = max(best, 2 * right / (right + float(weight[off >= threshold].sum()) + len(at)))
    return best


def thresholds(workers: Workers, *, guided: bool) -> dict[str, float]:
    """Each peer's own best on a few photos that are not scored."""
    some = shots(71_000 if guided else 72_000, _TUNED_ON, guided=guided)
    return tuned(workers, [replace(shot, asked={"size_px": _TUNED_PX}) for shot in some])


def found(workers: Workers, number: int, *, guided: bool) -> list[Seen]:
    """Print how well pores are found on one kind of photo; returns what each gave."""
    best = thresholds(workers, guided=guided)
    seen = workers.map(look, [(shot, best) for shot in shots(10_000 if guided else 20_000, number, guided=guided)])
    ours = [each.ours for each in seen]
    peers = {name: round(f1([each.peers[name] for each in seen]), 4) for name in PEERS}
    kind = "guided, >= 16 px/mm" if guided else "phone without guidance, 9-16 px/mm"
    show(
        f"F1 {kind}",
        f1(ours),
        peer=max(peers.values()),
        aim=0.88 if guided else 0.70,
        moonshot=0.95 if guided else 0.85,
        n=sum(each.right + each.missed for each in ours),
        photos=len(seen),
        refused=sum(each.refused for each in seen),
        strict=f1(ours, strict=True),
        precision=precision(ours),
        recall=recall(ours),
        alarms_per_cm2=alarms_per_cm2(ours),
        oracle=oracle_f1(seen),
        peers=peers,
        peers_alarms_per_cm2={name: round(alarms_per_cm2([each.peers[name] for each in seen]), 1) for name in PEERS},
    )
    show(
        f"F1 {kind}, visible from SNR 4",
        f1([each.ours_strict for each in seen]),
        n=sum(each.ours_strict.right + each.ours_strict.missed for each in seen),
    )
    if guided:
        _by_scale(ours)
    return seen


def _by_scale(ours: Sequence[Score]) -> None:
    for low, high in pairwise(_BANDS):
        some = [each for each in ours if low <= each.px_per_mm < high]
        count = sum(each.right + each.missed for each in some)
        show(
            f"F1 guided, {low:.0f}-{high:.0f} px/mm", f1(some), n=count, precision=precision(some), recall=recall(some)
        )


def ours_alone(shot: Shot) -> Score:
    """Only what the product finds."""
    scene = render(shot)
    return score(*places(measured(scene)), scene)


def by_phototype(workers: Workers, least: int = _LEAST_PORES) -> None:
    """Print F1 of each phototype on the same skins and photos, and the gap."""
    scores: dict[int, list[Score]] = defaultdict(list)
    batch = 6
    for start in range(0, 60, batch):
        short = [
            kind for kind in range(1, PHOTOTYPES + 1) if sum(each.right + each.missed for each in scores[kind]) < least
        ]
        if not short:
            break
        tasks = [
            Shot(50_000 + at, 50_000 + at, 16 + 2.0 * (at % 7), guided=True, wishes={"phototype": kind})
            for kind in range(1, PHOTOTYPES + 1)
            for at in range(start, start + batch)
        ]
        for shot, one in zip(tasks, workers.map(ours_alone, tasks), strict=True):
            scores[int(shot.wishes["phototype"])].append(one)
    each_f1 = {kind: f1(some) for kind, some in scores.items()}
    show(
        "F1 gap over phototypes I-VI, guided",
        max(each_f1.values()) - min(each_f1.values()),
        aim=0.15,
        moonshot=0.05,
        n=min(sum(one.right + one.missed for one in some) for some in scores.values()),
        f1={kind: round(value, 4) for kind, value in each_f1.items()},
        precision={kind: round(precision(some), 4) for kind, some in scores.items()},
        recall={kind: round(recall(some), 4) for kind, some in scores.items()},
    )


def _bare(task: tuple[Shot, dict[str, float]]) -> tuple[Score, dict[str, Score], bool]:
    shot, best = task
    scene = render(shot)
    told = measured(scene)
    peers = {name: peer_score(name, scene, each) for name, each in best.items()}
    return score(*places(told), scene), peers, told.refused is not None


def pore_free(workers: Workers, number: int) -> None:
    """Print false alarms on skin that has everything but pores."""
    for guided in (True, False):
        best = thresholds(workers, guided=guided)
        some = shots(30_000 if guided else 40_000, number, guided=guided, pore_free=True)
        seen = workers.map(_bare, [(shot, best) for shot in some])
        peers = {name: round(alarms_per_cm2([each[1][name] for each in seen]), 2) for name in PEERS}
        by_type: dict[int, list[Score]] = defaultdict(list)
        for ours, _, _ in seen:
            by_type[ours.phototype].append(ours)
        show(
            f"false alarms on pore-free skin, per cm2, {'guided' if guided else 'phone without guidance'}",
            alarms_per_cm2([each[0] for each in seen]),
            peer=min(peers.values()),
            aim=8,
            moonshot=1,
            n=len(seen),
            cm2=sum(each[0].cm2 for each in seen),
            refused=sum(each[2] for each in seen),
            peers=peers,
            by_phototype={kind: round(alarms_per_cm2(one), 2) for kind, one in sorted(by_type.items())},
        )
