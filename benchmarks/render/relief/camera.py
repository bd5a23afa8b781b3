"""Lens, sensor and what a phone does to a picture. Where the camera stands is ``view``'s."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.relief.chance import Rng, within
from benchmarks.render.relief.view import Plane

Light = NDArray[np.float32]

SEEN = np.array([0.15, 0.65, 0.20], np.float32)
"""What contrast is told in: weights of linear red, green and blue."""
MOSAICS = 0.7
"""Share of photos whose sensor has a mosaic of colours that leaves traces."""
LEAST_BLUR_PX = 0.35
"""Of the lens, on the sensor."""
SRGB_BREAK = 0.0031308


@dataclass(frozen=True, slots=True)
class Camera:
    """One photo's light and camera."""

    ambient: float
    """Share of the light that comes from everywhere."""
    light: tuple[float, float, float]
    """Unit vector towards the lamp."""
    gloss: float
    haze: float
    """Light of everything around that skin mirrors."""
    exposure: float
    """Light of the middle of pale skin, 1 clips."""
    adapts: float
    """How far dark skin is lightened: 1 all the way."""
    brightest: float
    """What the brightest of the skin is held below."""
    gains: tuple[float, float, float]
    colourful: float
    slope: tuple[float, float]
    """Log of light gained from one side of the picture to the other."""
    corners: float
    """Log of light lost in the corners."""
    zoom: float
    """Pixels of the file for one of the sensor, along a side."""
    blur_px: float
    """Of the file, as the other two."""
    defocus_px: float
    motion_px: float
    motion_angle: float
    noise: float
    """Standard deviation at full light, of full light."""
    mosaic: str
    """none, plain, along edges."""
    denoise: int
    sharpen: float
    sharpen_px: float
    contrast: float
    jpeg: int
    tilt: float
    """Radians, as the next."""
    tilt_axis: float
    away_mm: float

    @property
    def psf_sigma_px(self) -> float:
        """Blur of lens, motion and pixels in the file, as a Gaussian's standard deviation."""
        sensor = (LEAST_BLUR_PX * self.zoom) ** 2
        pixel = (self.zoom**2 if self.zoom > 1 else 1) / 12
        lens = max(self.blur_px**2, sensor) + self.defocus_px**2 / 4 + self.motion_px**2 / 24
        return float(np.sqrt(lens + pixel))


def draw_camera(rng: Rng, *, guided: bool) -> Camera:
    """Draw a camera and its light: even, near and steady if ``guided``."""
    tall, around = rng.uniform(0.45, 0.95), rng.uniform(0, 2 * np.pi)
    flat = np.sqrt(1 - tall**2)
    warm, green = rng.normal(0, 0.06 if guided else 0.14), rng.normal(0, 0.025 if guided else 0.04)
    noise = within(rng, 0.0015, 0.010) if guided else within(rng, 0.003, 0.025)
    return Camera(
        ambient=float(rng.uniform(0.75, 1.0) if guided else rng.uniform(0.25, 0.9)),
        light=(float(flat * np.cos(around)), float(flat * np.sin(around)), float(tall)),
        gloss=float(rng.uniform(0, 0.3 if guided else 1.0)),
        haze=within(rng, 0.003, 0.025),
        exposure=within(rng, 0.2, 0.5),
        adapts=float(rng.uniform(0.2, 0.65)),
        brightest=float(rng.choice([rng.uniform(0.55, 0.85), rng.uniform(0.55, 0.85), 1.3])),
        gains=(float(np.exp(warm)), float(np.exp(green)), float(np.exp(-1.1 * warm))),
        colourful=float(rng.uniform(0.8, 1.2)),
        slope=tuple(rng.normal(0, 0.08 if guided else 0.25, 2).tolist()),
        corners=float(rng.uniform(0, 0.15 if guided else 0.4)),
        zoom=float(rng.choice([1.0, 1.0, 1.0, rng.uniform(0.75, 1), rng.uniform(1, 1.25 if guided else 1.8)])),
        blur_px=float(rng.uniform(0.5, 1.2) if guided else within(rng, 0.65, 2.1)),
        defocus_px=float(rng.choice([0.0, rng.uniform(0, 1.0 if guided else 2.2)])),
        motion_px=float(rng.choice([0.0, 0.0, rng.uniform(0, 1.5 if guided else 4)])),
        motion_angle=float(rng.uniform(0, np.pi)),
        noise=noise,
        mosaic=str(rng.choice(["plain", "along edges"])) if rng.random() < MOSAICS else "none",
        denoise=int(rng.choice([0, 0, 3, 5] if guided else [0, 3, 5, 7])),
        sharpen=float(rng.choice([0.0, rng.uniform(0, 0.8 if guided else 1.5)])),
        sharpen_px=float(rng.uniform(0.6, 1.8)),
        contrast=float(rng.uniform(0.9, 1.2)),
        jpeg=int(rng.integers(80, 99) if guided else rng.integers(60, 97)),
        tilt=float(np.radians(rng.uniform(0, 8) if guided else rng.uniform(0, 18))),
        tilt_axis=float(rng.uniform(0, 2 * np.pi)),
        away_mm=within(rng, 60, 300),
    )


def exposed(shot: Camera, light: Light, skin: NDArray[np.bool_]) -> np.float32:
    """Tell by what light is multiplied: cameras lighten dark skin, though not all the way.

    Args:
        shot: the camera.
        light: (side, side, 3) of the scene.
        skin: what is metered.
    """
    metered = light[::4, ::4][skin[::4, ::4]]
    if not len(metered):
        return np.float32(1)
    middle = max(float(np.median(metered @ SEEN)), 1e-4)
    wanted = shot.exposure * (middle / PALE) ** (1 - shot.adapts)
    highest = float(np.quantile(metered.max(axis=1), 0.995))
    return np.float32(min(wanted / middle, shot.brightest / highest))


PALE = 0.35
"""Light of the middle of pale skin, as ``light.lit`` has it."""


def through_lens(shot: Camera, light: Light) -> Light:
    """What arrives at the sensor: uneven light, blur, and the camera's idea of colour."""
    side = light.shape[0]
    axis = np.linspace(-0.5, 0.5, side, dtype=np.float32)
    fall = shot.slope[0] * axis[np.newaxis] + shot.slope[1] * axis[:, np.newaxis]
    fall = fall - 2 * shot.corners * (axis[np.newaxis] ** 2 + axis[:, np.newaxis] ** 2)
    out = light * np.exp(fall)[..., np.newaxis] * np.array(shot.gains, np.float32)
    # White stays white; the rest moves to or from the grey of its light.
    out = np.maximum(out @ SEEN, 0)[..., np.newaxis] * (1 - shot.colourful) + out * shot.colourful
    out = np.maximum(out, 0).astype(np.float32)
    out = np.asarray(cv2.GaussianBlur(out, (0, 0), max(shot.blur_px / shot.zoom, LEAST_BLUR_PX)), np.float32)
    if shot.defocus_px / shot.zoom > 0.3:  # noqa: PLR2004 - less is no blur
        out = np.asarray(cv2.filter2D(out, -1, _disc(shot.defocus_px / shot.zoom)), np.float32)
    if shot.motion_px / shot.zoom > 1:
        out = np.asarray(cv2.filter2D(out, -1, _streak(shot.motion_px / shot.zoom, shot.motion_angle)), np.float32)
    return out


def _disc(radius: float) -> Plane:
    reach = int(np.ceil(radius)) + 1
    axis = np.arange(-reach, reach + 1)
    kernel = np.clip(radius + 0.5 - np.hypot(axis[:, np.newaxis], axis), 0, 1)
    return np.asarray(kernel / kernel.sum(), np.float32)


def _streak(length: float, angle: float) -> Plane:
    reach = int(np.ceil(length / 2)) + 1
    axis = np.arange(-reach, reach + 1)
    along = axis[np.newaxis] * np.cos(angle) + axis[:, np.newaxis] * np.sin(angle)
    across = axis[:, np.newaxis] * np.cos(angle) - axis[np.newaxis] * np.sin(angle)
    kernel = np.clip(length / 2 + 0.5 - np.abs(along), 0, 1) * np.clip(1 - np.abs(across), 0, 1)
    return np.asarray(kernel / kernel.sum(), np.float32)


def resized(picture: Light, side: int) -> Light:
    """Bring a picture of the sensor to the file's size."""
    if picture.shape[0] == side:
        return picture
    way = cv2.INTER_AREA if side < picture.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (side, side), interpolation=way), np.float32)


def processed(shot: Camera, light: Light, side: int, rng: Rng) -> NDArray[np.uint8]:
    """Make the file: noise, mosaic, denoising, tone, sharpening, size, JPEG.

    Args:
        shot: the camera.
        light: what arrives at the sensor.
        side: of the file, pixels.
        rng: of the noise.
    """
    noise = rng.standard_normal(light.shape).astype(np.float32)
    raw = light + noise * np.float32(shot.noise) * np.sqrt(np.maximum(light, 0.01))
    if shot.mosaic != "none":
        raw = _demosaiced(raw, shot.mosaic)
    code = encoded(shot, raw)
    if shot.denoise:
        code = np.asarray(cv2.bilateralFilter(code, shot.denoise, 0.06, 1.5), np.float32)
    if shot.sharpen:
        code = np.asarray(code + shot.sharpen * (code - cv2.GaussianBlur(code, (0, 0), shot.sharpen_px)), np.float32)
    stored = np.clip(np.rint(resized(code, side) * 255), 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", stored[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, shot.jpeg])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


def _demosaiced(light: Light, way: str) -> Light:
    """Each pixel keeps one colour and gets the others from its neighbours."""
    stored = np.clip(light * 40_000 + 2_000, 0, 65_535).astype(np.uint16)
    grid = stored[..., 1].copy()
    grid[::2, ::2] = stored[::2, ::2, 0]
    grid[1::2, 1::2] = stored[1::2, 1::2, 2]
    code = cv2.COLOR_BayerRGGB2RGB if way == "plain" else cv2.COLOR_BayerRGGB2RGB_EA
    return (np.asarray(cv2.cvtColor(grid, code), np.float32) - 2_000) / np.float32(40_000)


def encoded(shot: Camera, light: Light) -> Light:
    """Give it the sRGB curve and the phone's own contrast, 0 to 1."""
    bright = np.clip(light, 0, 1)
    code = np.where(bright <= SRGB_BREAK, 12.92 * bright, 1.055 * np.maximum(bright, 1e-6) ** (1 / 2.4) - 0.055)
    return np.asarray(np.clip(0.5 + shot.contrast * (code - 0.5), 0, 1), np.float32)


def decoded(code: Light) -> Light:
    """Undo the sRGB curve."""
    linear = ((np.maximum(code, 0) + 0.055) / 1.055) ** 2.4
    return np.asarray(np.where(code <= 12.92 * SRGB_BREAK, code / 12.92, linear), np.float32)
