"""Turn drawn photos into what the network learns from: rasters with the true pores on them, a file a photo.

Run in the project's environment:
    python -m benchmarks.training.make_set FAMILY --first SEED --count N --out FOLDER
"""

import argparse
import importlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.render.truth import Scene
from benchmarks.training import primitive
from pellucid.vision.field import make_field
from pellucid.vision.photo import Photo
from pellucid.vision.raster import FINEST_PX_PER_MM, Raster, make_raster
from pellucid.vision.scale import Scale

SIDE_PX = 384
"""Of a raster: more of one photo teaches less than another photo."""
SCALES = (8.5, 40.0)
"""Pixels a millimetre that photos are taken at, evenly on a log scale, whatever stands in them."""


def render(family: str, seed: int, *, bare: bool = False) -> Scene:
    """Draw photo number ``seed`` of a family.

    What the photo is taken with is drawn apart from what stands on the skin, so that neither tells of the other.

    Args:
        family: a package of ``benchmarks.render``, or ``primitive``.
        seed: everything follows from it.
        bare: without pores for certain, instead of one time in six.
    """
    if family == "primitive":
        return primitive.draw(seed)
    renderer = importlib.import_module(f"benchmarks.render.{family}")
    rng = np.random.default_rng([seed, 7])
    scale = float(np.exp(rng.uniform(*np.log(SCALES))))
    skin = renderer.draw_skin(seed, phototype=int(rng.integers(1, 7)), pore_free=bool(rng.random() < 1 / 6) or bare)
    return renderer.take(  # type: ignore[no-any-return]
        skin,
        seed,
        px_per_mm=scale,
        guided=bool(rng.random() < 1 / 2),
        size_px=round(SIDE_PX * max(1.0, scale / FINEST_PX_PER_MM)),
    )


def raster_of(scene: Scene, *, whole: bool = False) -> Raster:
    """See a photo as the detector does; all skin that is in it if ``whole``, clipped or glaring or not."""
    field = make_field(Photo("rendered", scene.pixels), Scale(scene.px_per_mm, 0.0, "given"), None)
    return make_raster(replace(field, skin=scene.skin) if whole else field)


def pores_of(scene: Scene, raster: Raster) -> NDArray[np.float32]:
    """The true pores as rows: x, y, diameter in raster pixels; diameter in mm; photo's px/mm; contrast; SNR; pale."""
    rows = [
        (
            (pore.x_px + 0.5) * raster.scale[0] - 0.5,
            (pore.y_px + 0.5) * raster.scale[1] - 0.5,
            pore.diameter_mm * raster.px_per_mm,
            pore.diameter_mm,
            scene.px_per_mm,
            pore.contrast,
            pore.snr,
            pore.plug == "light",
        )
        for pore in scene.pores
    ]
    return np.array(rows, np.float32).reshape(-1, 8)


def sample(family: str, seed: int, *, whole: bool, bare: bool = False) -> dict[str, Any]:
    """One file's content."""
    scene = render(family, seed, bare=bare)
    raster = raster_of(scene, whole=whole)
    return {
        "planes": np.stack([raster.absorbance, raster.redness]).astype(np.float16),
        "skin": raster.skin,
        "pores": pores_of(scene, raster),
        "px_per_mm": raster.px_per_mm,
        "photo_px_per_mm": scene.px_per_mm,
        "noise": raster.noise,
        "phototype": scene.phototype,
        "guided": bool(scene.settings.get("guided", True)),
        "bare": not scene.pores,
        "family": family,
        "seed": seed,
    }


def main() -> None:
    """Write the files that aren't there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("family")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--as-it-is", action="store_true", help="with the skin mask everywhere, to judge on")
    parser.add_argument("--bare", action="store_true", help="without pores")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for seed in range(given.first, given.first + given.count):
        path = given.out / f"{given.family}-{seed:07d}.npz"
        if not path.exists():
            whole = seed % 2 == 1 and not given.as_it_is
            part = path.with_suffix(".part")
            with part.open("wb") as file:
                np.savez(file, **sample(given.family, seed, whole=whole, bare=given.bare))
            part.rename(path)


if __name__ == "__main__":
    main()
