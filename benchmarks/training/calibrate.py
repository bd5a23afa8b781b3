"""Weigh, calibrate and judge a trained network on photos that it never saw, and write its sheet.

Run in the project's environment, with pores-N.onnx in its place:
    python -m benchmarks.training.calibrate SET... --version N --note "how it was trained"
"""

import argparse
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import expit

from benchmarks.training.augment import DIAMETER, DIAMETER_MM, SNR, Sample, X, Y, load, visible
from pellucid.vision import network
from pellucid.vision.detect import FEATURES, Judged, judge, one_each
from pellucid.vision.raster import Raster

Floats = NDArray[np.float64]
DATA = Path(network.__file__).parent / "data"
ALARM, IGNORED, HIT = 0, -1, 1
THRESHOLDS = np.round(np.arange(0.05, 0.96, 0.025), 3)
ALARM_COST = 0.002
"""F1 that one false alarm per cm2 of pore-free skin is worth."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A photo of the set with all its candidates."""

    sample: Sample
    spots: Judged

    @property
    def cm2(self) -> float:
        """Skin in the photo."""
        return float(self.sample.skin.sum()) / self.sample.px_per_mm**2 / 100


def judged(paths: Iterable[Path]) -> list[Case]:
    """Run the detector over files of a set."""
    cases = []
    for path in paths:
        sample = on_skin(load(path))
        dark, red = sample.planes.astype(np.float32)
        raster = Raster(dark, red, sample.skin, sample.px_per_mm, (1.0, 1.0), sample.noise)
        cases.append(Case(sample, judge(raster)))
    return cases


def on_skin(sample: Sample) -> Sample:
    """Let pores that the skin mask leaves out count neither way: the mask is another part's."""
    height, width = sample.skin.shape
    row, column = (np.rint(sample.pores[:, axis]).astype(int) for axis in (Y, X))
    off = ~sample.skin[row.clip(0, height - 1), column.clip(0, width - 1)]
    pores = sample.pores.copy()
    pores[off, SNR] = 0
    return replace(sample, pores=pores)


def loosely(case: Case) -> NDArray[np.int_]:
    """What each candidate is, neighbours and repeats at other scales included."""
    pores = case.sample.pores
    outcome = np.full(len(case.spots.x), ALARM)
    if not len(pores):
        return outcome
    gap, nearest = cKDTree(pores[:, [X, Y]]).query(np.column_stack([case.spots.x, case.spots.y]))
    reach = np.maximum(pores[:, DIAMETER] / 2, 1)[nearest]
    outcome[gap < 2 * reach] = IGNORED
    outcome[(gap < reach) & visible(pores)[nearest]] = HIT
    return outcome


def matched(case: Case, kept: NDArray[np.intp], *, snr: float = 0.0) -> tuple[NDArray[np.int_], int]:
    """Outcomes of what was kept, as ``benchmarks.render.truth.match`` does it, and how many were missed."""
    pores = case.sample.pores
    seen = visible(pores) & (pores[:, SNR] >= snr)
    outcome = np.full(len(kept), ALARM)
    places = np.column_stack([case.spots.x, case.spots.y])[kept]
    if not len(pores) or not len(kept):
        return outcome, int(seen.sum())
    least = np.float32(case.sample.px_per_mm) * pores[:, DIAMETER_MM] / pores[:, DIAMETER]
    reach = np.maximum(pores[:, DIAMETER] / 2, least)
    taken: set[int] = set()
    near = cKDTree(places).sparse_distance_matrix(cKDTree(pores[:, [X, Y]]), float(reach.max()), output_type="ndarray")
    near = near[near["v"] <= reach[near["j"]]]
    for one, other, _ in near[np.lexsort((near["v"], ~seen[near["j"]]))].tolist():
        if outcome[one] == ALARM and other not in taken:
            outcome[one] = HIT if seen[other] else IGNORED
            taken.add(other)
    return outcome, int(seen.sum()) - int((outcome == HIT).sum())


def fit_weights(features: Floats, outcome: NDArray[np.int_]) -> Floats:
    """Logistic regression by Newton's steps, a little pulled to 0; the constant comes last."""
    design = np.column_stack([features, np.ones(len(features))])
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        chance = expit(design @ weights)
        slope = design.T @ (outcome - chance) - 1e-2 * weights
        bend = (design * (chance * (1 - chance))[:, np.newaxis]).T @ design + 1e-2 * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def weighed(cases: list[Case]) -> tuple[Floats, list[Case]]:
    """Fit the weights to all candidates, then bring the confidence of those that are kept to what they are worth."""
    outcomes = [loosely(case) for case in cases]
    told = [outcome != IGNORED for outcome in outcomes]
    features = np.concatenate([case.spots.features[one] for case, one in zip(cases, told, strict=True)])
    weights = fit_weights(features, np.concatenate([o[one] for o, one in zip(outcomes, told, strict=True)]))
    cases = [with_weights(case, weights) for case in cases]
    total, right = [], []
    for case in cases:
        kept = one_each(case.spots, 0.02)
        outcome, _ = matched(case, kept)
        total.append((case.spots.features[kept] @ weights[:-1] + weights[-1])[outcome != IGNORED])
        right.append(outcome[outcome != IGNORED])
    slope, shift = fit_weights(np.concatenate(total)[:, np.newaxis], np.concatenate(right))
    weights = slope * weights
    weights[-1] += shift
    return weights, [with_weights(case, weights) for case in cases]


def with_weights(case: Case, weights: Floats) -> Case:
    """The same candidates, weighed otherwise."""
    confidence = expit(case.spots.features @ weights[:-1] + weights[-1])
    return replace(case, spots=replace(case.spots, confidence=confidence))


def score(cases: list[Case], threshold: float, *, snr: float = 0.0) -> dict[str, float]:
    """F1, precision, recall over all photos, and alarms per cm2."""
    hits = alarms = missed = 0
    for case in cases:
        outcome, gone = matched(case, one_each(case.spots, threshold), snr=snr)
        hits, alarms, missed = hits + int((outcome == HIT).sum()), alarms + int((outcome == ALARM).sum()), missed + gone
    area = sum(case.cm2 for case in cases)
    return {
        "f1": round(2 * hits / max(2 * hits + alarms + missed, 1), 3),
        "precision": round(hits / max(hits + alarms, 1), 3),
        "recall": round(hits / max(hits + missed, 1), 3),
        "alarms_per_cm2": round(alarms / max(area, 1e-9), 2),
        "visible": hits + missed,
        "photos": len(cases),
    }


def best_threshold(cases: list[Case]) -> float:
    """The threshold of the best F1, false alarms on pore-free skin counted against it."""

    def worth(threshold: float) -> float:
        bare = score([case for case in cases if case.sample.bare], threshold)
        return score(cases, threshold)["f1"] - ALARM_COST * bare["alarms_per_cm2"]

    return float(max(THRESHOLDS, key=worth))


def report(cases: list[Case], threshold: float) -> dict[str, Any]:
    """Figures by what the photo was taken with and whose skin it shows."""
    bare = [case for case in cases if case.sample.bare]
    rendered = [case for case in cases if case.sample.family != "primitive"]
    figures: dict[str, Any] = {"all": score(cases, threshold), "bare": score(bare, threshold)}
    for guided in (True, False):
        some = [case for case in rendered if case.sample.guided is guided and not case.sample.bare]
        name = "guided" if guided else "unguided"
        figures[name] = score(some, threshold) | {"f1_snr4": score(some, threshold, snr=4.0)["f1"]}
        for phototype in range(1, 7):
            figures[f"{name}_{phototype}"] = score([c for c in some if c.sample.phototype == phototype], threshold)
    for low, high in ((0, 10), (10, 13), (13, 16), (16, 21)):
        of_scale = [case for case in cases if low <= case.sample.px_per_mm < high]
        figures[f"px_per_mm_{low}_{high}"] = score(of_scale, threshold)
        figures[f"bare_px_per_mm_{low}_{high}"] = score([c for c in of_scale if c.sample.bare], threshold)
    return figures


def write_sheet(version: int, note: str, weights: Floats, threshold: float, figures: dict[str, Any]) -> None:
    """Write what find_pores needs to know of the network, where it is from, and how it did."""
    file = f"pores-{version}.onnx"
    digest = hashlib.sha256((DATA / file).read_bytes()).hexdigest()
    named = dict(zip((*FEATURES, "constant"), weights.tolist(), strict=True))
    lines = [
        "# The network that tells pores from everything else; written by benchmarks/training/calibrate.py.",
        f"version = {version}",
        f'file = "{file}"',
        f'sha256 = "{digest}"',
        f'trained = "{note}"',
        f"threshold = {threshold} # least confidence of what is reported: best F1 on rendered photos kept apart",
        "",
        "[weights] # of the logistic regression that makes a confidence of a candidate's features",
        *(f"{name} = {value:.4f}" for name, value in named.items()),
        "",
        "[held_out] # on the photos that the weights and the threshold were chosen on, none of them trained on",
        *(f"{name} = {{ {_inline(figures[name])} }}" for name in ("guided", "unguided", "bare")),
    ]
    (DATA / "pores-1.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _inline(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in figures.items())


def main() -> None:
    """Weigh, choose the threshold, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--version", type=int, default=1)
    parser.add_argument("--note", required=True)
    parser.add_argument("--check", type=Path, nargs="*", default=(), help="sets to report on that weigh nothing")
    given = parser.parse_args()
    cases = judged(path for folder in given.sets for path in sorted(folder.glob("*.npz")))
    weights, cases = weighed(cases)
    threshold = best_threshold(cases)
    told = report(cases, threshold)
    write_sheet(given.version, given.note, weights, threshold, told)
    for name, figures in told.items():
        print(json.dumps({"figure": name, **figures}))
    for folder in given.check:
        apart = [with_weights(case, weights) for case in judged(sorted(folder.glob("*.npz")))]
        for name, figures in report(apart, threshold).items():
            print(json.dumps({"figure": f"{folder.name}_{name}", **figures}))


if __name__ == "__main__":
    main()
