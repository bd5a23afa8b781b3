"""Whether sizes, densities, directions and stated errors are right."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.render.strata import draw_skin, take
from benchmarks.render.truth import match
from benchmarks.vision_find import Seen, places
from benchmarks.vision_scenes import PHOTOTYPES, Numbers, measured
from benchmarks.vision_show import Workers, show

_LARGE_MM = 0.25
_SIZED_PX = 5.0
_COARSE, _FINE = 12.0, 30.0
_SIDE_MM = 22.0


def sizes(seen: Sequence[Seen], kind: str) -> None:
    """Print the error of diameters, and whether the errors that are stated hold."""
    rows = np.concatenate([each.sizes for each in seen])
    rows = rows[rows[:, 3] >= _SIZED_PX]
    gap = rows[:, 0] / rows[:, 2] - 1
    peers = {}
    for name in seen[0].peers:
        pairs = np.concatenate([each.peers[name].sizes * (1, 1) for each in seen])
        wide = np.concatenate([each.peers[name].sizes[:, 1] * each.peers[name].px_per_mm for each in seen]) >= _SIZED_PX
        off = pairs[wide, 0] / pairs[wide, 1] - 1
        peers[name] = (round(float(off.mean()), 3), round(float(np.abs(off).mean()), 3)) if wide.any() else None
    least = min((each for each in peers.values() if each), key=lambda each: each[1], default=None)
    by_size = {
        f"{low}-{high} px": (
            round(float(gap[part].mean()), 3),
            round(float(np.abs(gap[part]).mean()), 3),
            int(part.sum()),
        )
        for low, high in ((5, 8), (8, 12), (12, 30))
        if (part := (rows[:, 3] >= low) & (rows[:, 3] < high)).any()
    }
    common: dict[str, Any] = {"n": len(gap), "by_size_bias_mae_n": by_size, "peers_bias_mae": peers}
    micro = 1000 * (rows[:, 0] - rows[:, 2])
    bias, mae = float(gap.mean()), float(np.abs(gap).mean())
    peer = least or (None, None)
    show(f"diameter bias at >= 5 px, {kind}", bias, peer=peer[0], aim=0.05, moonshot=0.02, **common)
    show(
        f"diameter MAE at >= 5 px, {kind}",
        mae,
        peer=peer[1],
        aim=0.12,
        moonshot=0.06,
        n=len(gap),
        bias_um=float(micro.mean()),
        mae_um=float(np.abs(micro).mean()),
        mae_after_taking_off_the_bias=float(np.abs(gap - bias).mean()),
    )
    held = np.abs(rows[:, 0] - rows[:, 2]) < 2 * rows[:, 1]
    show(f"share of diameters within two stated standard errors, {kind}", float(held.mean()), aim=0.95, n=len(held))


def densities(seen: Sequence[Seen], kind: str) -> None:
    """Print the error of the density of visible pores, from the diameter that the measurement names."""
    told = [(each.told[0], *each.true_density) for each in seen if each.told and each.true_density[0] > 0]
    if not told:
        return
    rows = np.array(told)
    off = rows[:, 0] / rows[:, 1] - 1
    large = np.array([each.density_250 for each in seen if each.density_250 and each.density_250[1] > 0], float)
    off_large = large[:, 0] / large[:, 1] - 1 if len(large) else np.full(1, np.nan)
    show(
        f"density error, median, {kind}",
        float(np.median(np.abs(off))),
        aim=0.12,
        moonshot=0.05,
        n=len(off),
        signed=float(np.median(off)),
        against_all_pores=float(np.median(np.abs(rows[:, 0] / rows[:, 2] - 1))),
        from_250_um=float(np.median(np.abs(off_large))),
        from_250_um_signed=float(np.median(off_large)),
    )


def directions(seen: Sequence[Seen], kind: str) -> None:
    """Print the error of long axes."""
    turns = np.concatenate([each.turns for each in seen])
    if len(turns):
        median = float(np.median(turns))
        show(
            f"orientation error, mean, aspect >= 1.3 and >= 8 px, degrees, {kind}",
            float(turns.mean()),
            aim=12,
            moonshot=6,
            n=len(turns),
            median=median,
        )


def confidences(seen: Sequence[Seen], kind: str) -> None:
    """Print how far stated confidence is from how often it is right, over tenths."""
    calls = np.concatenate([each.calls for each in seen])
    if not len(calls):
        return
    tenth = np.minimum((calls[:, 0] * 10).astype(int), 9)
    rows = {
        f"{k / 10:.1f}": (round(float(calls[tenth == k, 1].mean()), 3), int((tenth == k).sum()))
        for k in range(10)
        if (tenth == k).any()
    }
    gaps = [
        abs(calls[tenth == k].mean(axis=0) @ (1, -1)) * (tenth == k).mean() for k in range(10) if (tenth == k).any()
    ]
    named = [sum(each.plugs[k] for each in seen) for k in range(2)]
    show(f"calibration error of confidence, {kind}", float(sum(gaps)), n=len(calls), right_n_by_tenth=rows)
    show(f"plugs named rightly of those named, {kind}", named[0] / max(1, named[1]), n=named[1])


def _at_two_scales(seed: int) -> Numbers:
    """(n, 3) of pores found at both: true, coarse and fine diameter in mm."""
    skin = draw_skin(seed, phototype=seed % PHOTOTYPES + 1)
    rows: list[dict[int, tuple[float, float]]] = []
    for scale in (_COARSE, _FINE):
        side = int(_SIDE_MM * scale) // 2 * 2
        scene = take(skin, seed, px_per_mm=scale, size_px=side, tilt_deg=0, psf_sigma_px=0.9)
        told = measured(scene)
        xy, found = places(told)
        by_place = {
            _key(scene.settings["mm_to_px"], scene.pores[true].x_px, scene.pores[true].y_px): (
                scene.pores[true].diameter_mm,
                float(found[one]),
            )
            for one, true in match(xy, scene).pairs
            if not told.pores[one].presence_only
        }
        rows.append(by_place)
    both = rows[0].keys() & rows[1].keys()
    return np.array([(rows[0][each][0], rows[0][each][1], rows[1][each][1]) for each in sorted(both)]).reshape(-1, 3)


def _key(mm_to_px: list[list[float]], x: float, y: float) -> int:
    """A pore by its place on the skin, to a fortieth of a millimetre."""
    place = np.linalg.inv(np.array(mm_to_px)) @ (x, y, 1)
    across, down = (round(40 * float(each / place[2])) for each in place[:2])
    return (across + 100_000) * 1_000_000 + down + 100_000


def drift(workers: Workers, number: int) -> None:
    """Print how much larger or smaller the same pores read at 12 than at 30 px/mm."""
    rows = np.concatenate(workers.map(_at_two_scales, list(range(60_000, 60_000 + number))))
    large = rows[rows[:, 0] >= _LARGE_MM]
    show(
        "mean diameter drift 12 -> 30 px/mm, the same pores of >= 0.25 mm",
        float(large[:, 2].mean() / large[:, 1].mean() - 1),
        aim=0.05,
        moonshot=0.02,
        n=len(large),
        all_that_can_be_sized=float(rows[:, 2].mean() / rows[:, 1].mean() - 1),
        n_all=len(rows),
        bias_at_12=float(large[:, 1].mean() / large[:, 0].mean() - 1),
        bias_at_30=float(large[:, 2].mean() / large[:, 0].mean() - 1),
    )
