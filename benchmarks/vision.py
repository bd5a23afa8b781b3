"""How well pores are measured on photos of the judging family of rendered skin, beside general blob detectors.

One line of JSON a figure. It measures through the product's own verbs, told pixels a millimetre, on photos that nothing
was trained or tuned on. ``python -m benchmarks.vision --only find --photos 12`` runs a part.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import vision_change, vision_find, vision_size, vision_speed
from benchmarks.vision_show import Workers

PARTS = ("speed", "faces", "guided", "phone", "free", "phototypes", "drift", "repeats", "changes")


def main() -> None:
    """Run the parts that were asked for."""
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    read.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    read.add_argument("--photos", type=int, default=60, help="photos for each kind of light")
    read.add_argument("--pairs", type=int, default=400, help="pairs of visits")
    read.add_argument("--pores", type=int, default=3000, help="pores a phototype")
    read.add_argument("--workers", type=int, default=2)
    read.add_argument("--quick", action="store_true", help="a fifth of everything")
    asked = read.parse_args()
    if asked.quick:
        asked.photos, asked.pairs, asked.pores = asked.photos // 5, asked.pairs // 5, asked.pores // 5
    with Workers(asked.workers) as workers, tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            if part in asked.only:
                _parts(asked, workers, Path(folder))[part]()


def _parts(asked: argparse.Namespace, workers: Workers, folder: Path) -> dict[str, Callable[[], None]]:
    few = max(2, asked.photos // 3)
    return {
        "speed": lambda: _speed(folder),
        "faces": vision_speed.faces,
        "guided": lambda: _looked(asked, workers, guided=True),
        "phone": lambda: _looked(asked, workers, guided=False),
        "free": lambda: vision_find.pore_free(workers, asked.photos // 2),
        "phototypes": lambda: vision_find.by_phototype(workers, asked.pores),
        "drift": lambda: vision_size.drift(workers, few),
        "repeats": lambda: vision_change.repeats(workers, max(2, asked.photos // 6)),
        "changes": lambda: vision_change.changes(workers, asked.pairs),
    }


def _speed(folder: Path) -> None:
    vision_speed.megapixel()
    vision_speed.whole_face(folder)


def _looked(asked: argparse.Namespace, workers: Workers, *, guided: bool) -> None:
    kind = "guided" if guided else "phone without guidance"
    seen = vision_find.found(workers, asked.photos, guided=guided)
    vision_size.sizes(seen, kind)
    vision_size.densities(seen, kind)
    vision_size.directions(seen, kind)
    vision_size.confidences(seen, kind)


if __name__ == "__main__":
    main()
