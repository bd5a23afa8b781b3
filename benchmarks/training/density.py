"""How a sum of confidences becomes a count: the numbers that ``vision.density`` keeps, from rendered skin.

Run it after the finder was trained anew; it prints one line of JSON. The scenes are none that anything was trained on.

    python -m benchmarks.training.density [SCENES]
"""

import json
import sys

import numpy as np

from benchmarks.render.relief import draw_skin, take
from benchmarks.render.truth import Scene
from pellucid.vision import measure as measuring
from pellucid.vision.density import ground
from pellucid.vision.photo import Photo

FIRST_SEED = 7_700_000
FEWEST = 8
"""Pores that can be seen, from which a scene tells a ratio."""


def scene(seed: int) -> Scene:
    """One guided photo."""
    rng = np.random.default_rng(seed)
    px_per_mm = float(np.exp(rng.uniform(np.log(14), np.log(40))))
    return take(draw_skin(seed, phototype=1 + seed % 6), seed, px_per_mm=px_per_mm, size_px=448)


def row(photo: Scene) -> float | None:
    """Log of the pores that can be seen over the sum of confidences."""
    seen = measuring.look(Photo("scene", photo.pixels), photo.px_per_mm)
    if seen.judged.refused is not None:
        return None
    there = ground(seen.field)
    found = measuring.found_in(seen.field)
    confidence = np.concatenate([some.confidence[there.holds(some.x_px, some.y_px)] for some in found])
    visible = [pore for pore in photo.pores if pore.visible(photo.px_per_mm)]
    places = np.array([(pore.x_px, pore.y_px) for pore in visible]).reshape(-1, 2)
    count = int(np.count_nonzero(there.holds(places[:, 0], places[:, 1])))
    if count < FEWEST or not confidence.sum() > 0:
        return None
    return float(np.log(count / confidence.sum()))


def main(scenes: int) -> None:
    """Print the numbers."""
    logs = np.array([one for one in (row(scene(FIRST_SEED + seed)) for seed in range(scenes)) if one is not None])
    middle = float(np.median(logs))
    off = np.abs(logs - middle)
    told = {"found_to_all": round(float(np.exp(middle)), 2), "spread": round(1.4826 * float(np.median(off)), 2)}
    print(json.dumps(told | {"most": round(float(np.exp(np.quantile(logs, 0.95))), 2), "scenes": len(logs)}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
