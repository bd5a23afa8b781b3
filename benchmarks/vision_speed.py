"""How long a photo takes and how much memory, beside a peer, and the faces that must be refused."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.vision_peers import channel, log_blobs
from benchmarks.vision_scenes import Shot, render
from benchmarks.vision_show import show
from pellucid.vision.iris import find_iris_scale
from pellucid.vision.load import load
from pellucid.vision.measure import measure

FACE_SHAPE = (3264, 2448)
FACE_PX_PER_MM = 13.0
_ROUNDS = 5
_IRIS_MM = 11.7
_LOG_THRESHOLD = 0.03
"""About where blob_log does best; its time hardly depends on it."""


def megapixel() -> None:
    """Print seconds for a photo of one megapixel, from its bytes, on all cores that there are."""
    scene = render(Shot(95_000, 95_000, 20.0, guided=True, wishes={"phototype": 3}, asked={"size_px": 1000}))
    written = jpeg(scene.pixels)
    measure(written, scale=20.0)
    ours = _quickest(lambda: measure(written, scale=20.0))
    dark = channel(scene.pixels, 20.0)
    peer = _quickest(lambda: log_blobs(dark, 20.0, _LOG_THRESHOLD), rounds=2)
    show(
        "seconds per megapixel, two cores, beside blob_log",
        ours,
        peer=peer,
        aim=0.3,
        moonshot=0.1,
        n=_ROUNDS,
        times_faster=peer / ours,
        times_faster_aim=2,
        px_per_mm=20.0,
    )


def _quickest(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return float(np.median(taken))


def jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """As a camera would write it."""
    return bytes(cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 93])[1])


def face() -> NDArray[np.uint8]:
    """Eight megapixels: an oval of skin, lit from one side, before a plain wall."""
    height, width = FACE_SHAPE
    side = 612
    tiles = [
        render(
            Shot(96_000 + k, 96_000 + k, FACE_PX_PER_MM, guided=True, wishes={"phototype": 3}, asked={"size_px": side})
        ).pixels
        for k in range(6)
    ]
    middle = np.mean([tile.mean(axis=(0, 1)) for tile in tiles], axis=0)
    even = [np.clip(tile * (middle / tile.mean(axis=(0, 1))), 0, 255).astype(np.uint8) for tile in tiles]
    rows = []
    for row in range(-(-height // (2 * side))):
        pair = [even[(2 * row + k) % len(even)] for k in range(-(-width // (2 * side)))]
        rows.append(
            np.concatenate([np.pad(each, ((0, side), (0, side), (0, 0)), mode="symmetric") for each in pair], 1)
        )
    skin = np.concatenate(rows)[:height, :width].astype(np.float32)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    share = cv2.GaussianBlur(((x / 0.78) ** 2 + (y / 0.85) ** 2 < 1).astype(np.float32), (0, 0), 4)[..., None]
    lit = skin * (1 + 0.15 * x - 0.25 * np.square(x))[..., None]
    wall = np.array([150, 155, 165], np.float32) + 20 * y[..., None]
    noise = np.random.default_rng(1).normal(0, 2, (height, width, 1)).astype(np.float32)
    return np.clip(share * lit + (1 - share) * (wall + noise), 0, 255).astype(np.uint8)


def whole_face(folder: Path) -> None:
    """Print seconds and the most memory for eight megapixels, in a process of its own."""
    path = folder / "face.jpg"
    path.write_bytes(jpeg(face()))
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.vision_speed", str(path)], check=True, capture_output=True, text=True
    )
    figures = json.loads(told.stdout.splitlines()[-1])
    more = {"pores": figures["pores"], "refused": figures["refused"], "seconds_again": figures["again"]}
    show("8 MP face, seconds, two cores", figures["seconds"], aim=5, moonshot=2, n=1, **more)
    show("8 MP face, peak memory, GB", figures["gigabytes"], aim=1.5, moonshot=1, n=1)


def _alone(path: str) -> None:
    begun = time.perf_counter()
    told = measure(Path(path), scale=FACE_PX_PER_MM).photos[0]
    first = time.perf_counter() - begun
    again = _quickest(lambda: measure(Path(path), scale=FACE_PX_PER_MM), rounds=1)
    print(
        json.dumps(
            {
                "seconds": first,
                "again": again,
                "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
                "pores": len(told.pores),
                "refused": told.refused.code if told.refused else None,
            }
        )
    )


def faces_folder() -> Path | None:
    """Where the photographs are, if they are here."""
    named = os.environ.get("PELLUCID_DATA")
    folder = (Path(named) if named else Path(__file__).parents[2] / "shared" / "data") / "faces"
    return folder if (folder / "faces.json").exists() else None


def faces() -> None:
    """Print how well the iris gives the scale, and whether pores are refused on faces that can't carry them."""
    folder = faces_folder()
    if folder is None:
        show("iris width against outlines placed by hand", None, reason="no faces here; set PELLUCID_DATA")
        return
    off = []
    known = [each for each in json.loads((folder / "faces.json").read_text()) if "left_iris_outline_px" in each]
    for each in known:
        outlines = [each[f"{side}_iris_outline_px"] for side in ("left", "right")]
        true = np.mean([np.ptp(np.array(outline)[:, 0]) for outline in outlines])
        scale = find_iris_scale(load(folder / each["file"]))
        if scale:
            off.append(abs(scale.px_per_mm * _IRIS_MM / true - 1))
    show(
        "iris width against outlines placed by hand, median error",
        float(np.median(off)) if off else None,
        aim=0.05,
        n=len(off),
        faces=len(known),
        p90=float(np.quantile(off, 0.9)) if off else None,
        p90_aim=0.10,
    )
    refused = {
        path.name: bool(measure(path, scale=5.9 if "closeup" in path.name else None).photos[0].refused)
        for path in sorted(folder.glob("*.jpg"))
    }
    counted = [name for name, no in refused.items() if not no]
    show(
        "faces below pore resolution whose pores are refused",
        1 - len(counted) / len(refused),
        aim=1,
        n=len(refused),
        counted=counted,
    )


if __name__ == "__main__":
    _alone(sys.argv[1])
