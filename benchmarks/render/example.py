"""Draws the photos in examples/photos/: a cheek with the card on it, and the same skin at two visits.

python -m benchmarks.render.example          write the photos
python -m benchmarks.render.example --lines  write cheeks.jsonl as well: what ``pellucid measure`` prints for the cheek

No real person is in them. The skin is of the family "relief"; the card is laid over it here, in the same light.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.relief import Skin, draw_skin, take
from benchmarks.render.relief.camera import draw_camera
from pellucid.vision.card_layout import WINDOW, card_cover, card_raster
from pellucid.vision.light import decoded, encoded
from pellucid.vision.psf import INK_SPREAD_MM

FOLDER = Path(__file__).parents[2] / "examples" / "photos"
SKIN_SEED = 9
PX_PER_MM = 22.0
SIDE_PX = 980
PAPER = 0.72
"""Linear light of white paper."""
DOTS_PER_MM = 40.0
"""Of the card before it is photographed."""
CAMERA = replace(
    draw_camera(np.random.default_rng(1), guided=True),
    ambient=0.9,
    light=(0.5, 0.3, 0.81),
    gloss=0.05,
    gains=(1.03, 1.0, 0.96),
    slope=(0.05, -0.04),
    zoom=1.0,
    blur_px=0.85,
    defocus_px=0.0,
    motion_px=0.0,
    noise=0.004,
    mosaic="none",
    denoise=0,
    sharpen=0.0,
    contrast=1.0,
    jpeg=96,
    tilt=0.0,
)
JPEG = 90


def main(arguments: list[str]) -> int:
    """Write the photos."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    skin = draw_skin(SKIN_SEED, phototype=3, density_per_cm2=80)
    _write("cheek.jpg", _photo(skin, 1, turn_deg=3.0))
    _write("before.jpg", _photo(skin, 2, turn_deg=-2.0))
    _write("after.jpg", _photo(skin, 3, turn_deg=5.0, pores_scaled=0.85))
    if "--lines" in arguments:
        printed = subprocess.run(
            [sys.executable, "-m", "pellucid", "measure", str(FOLDER / "cheek.jpg"), "--zone", "cheeks", "--json"],
            check=True,
            capture_output=True,
        )
        (FOLDER / "cheeks.jsonl").write_bytes(printed.stdout)
    return 0


def _write(name: str, pixels: NDArray[np.uint8]) -> None:
    cv2.imwrite(str(FOLDER / name), pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG])


def _photo(skin: Skin, seed: int, *, turn_deg: float, pores_scaled: float = 1.0) -> NDArray[np.uint8]:
    """The skin in the card's window."""
    scene = take(
        skin, seed, px_per_mm=PX_PER_MM, size_px=SIDE_PX, pores_scaled=pores_scaled, move_mm=1.0, camera=CAMERA
    )
    light = decoded(scene.pixels / 255)
    card, cover = _laid(card_raster(DOTS_PER_MM), turn_deg), _laid(card_cover(DOTS_PER_MM), turn_deg)[..., None]
    noise = np.random.default_rng(seed).normal(0, CAMERA.noise, light.shape)
    paper = decoded(card.astype(float) / 255) * PAPER * np.array(CAMERA.gains) * (1 + noise)
    together = encoded(np.clip(cover * paper + (1 - cover) * light, 0, 1))
    return np.asarray(np.rint(together * 255), np.uint8)


def _laid(picture: NDArray[np.uint8] | NDArray[np.float32], turn_deg: float) -> NDArray[np.float32]:
    """The card as the camera sees it: its window in the middle of the photo, turned a little."""
    middle = ((WINDOW.x + WINDOW.width / 2) * DOTS_PER_MM - 0.5, (WINDOW.y + WINDOW.height / 2) * DOTS_PER_MM - 0.5)
    turn = np.asarray(cv2.getRotationMatrix2D(middle, turn_deg, PX_PER_MM / DOTS_PER_MM), float)
    turn[:, 2] += (SIDE_PX - 1) / 2 - np.array(middle)
    blur_mm = np.hypot(CAMERA.psf_sigma_px / PX_PER_MM, INK_SPREAD_MM)
    fine = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), float(blur_mm * DOTS_PER_MM))
    return np.asarray(cv2.warpAffine(fine, turn, (SIDE_PX, SIDE_PX), flags=cv2.INTER_AREA), np.float32)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
