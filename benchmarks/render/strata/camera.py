"""From light to a photo: lens, sensor, and what the camera's own software does to the picture."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Colours = NDArray[np.float32]

WEIGHTS = np.array([0.15, 0.65, 0.20], np.float32)
"""Of red, green and blue in the light that pores are judged by."""


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera and what it was set to."""

    psf_sigma_px: float
    motion_px: float
    motion_turn: float
    electrons: float
    """Of a white pixel."""
    read_noise: float
    brightness: float
    """Linear light that skin of middling colour is exposed to."""
    balance: tuple[float, float, float]
    curve: float
    """0 for plain sRGB; strength of an S curve."""
    smooth: float
    """0 for none; sRGB levels below which detail is taken for noise."""
    sharpen: float
    sharpen_px: float
    jpeg: int
    demosaic: int


def make_camera(rng: np.random.Generator, *, guided: bool) -> Camera:
    """A close-up camera on a stand, or a phone in a hand."""
    if guided:
        return Camera(
            psf_sigma_px=float(rng.uniform(0.6, 1.2)),
            motion_px=0.0,
            motion_turn=0.0,
            electrons=float(np.exp(rng.uniform(np.log(9000), np.log(35000)))),
            read_noise=3.0,
            brightness=float(rng.uniform(0.26, 0.42)),
            balance=_balance(rng, 0.03),
            curve=0.0,
            smooth=float(rng.uniform(0, 1.0)),
            sharpen=float(rng.uniform(0, 0.5)),
            sharpen_px=float(rng.uniform(0.8, 1.3)),
            jpeg=int(rng.integers(88, 97)),
            demosaic=cv2.COLOR_BayerRGGB2RGB_EA,
        )
    return Camera(
        psf_sigma_px=float(rng.uniform(0.7, 1.9)),
        motion_px=float(max(0, rng.normal(0, 1.5))),
        motion_turn=float(rng.uniform(0, np.pi)),
        electrons=float(np.exp(rng.uniform(np.log(2500), np.log(12000)))),
        read_noise=4.0,
        brightness=float(rng.uniform(0.22, 0.5)),
        balance=_balance(rng, 0.06),
        curve=float(rng.uniform(0, 0.35)),
        smooth=float(rng.uniform(0.5, 3)),
        sharpen=float(rng.uniform(0.2, 1.1)),
        sharpen_px=float(rng.uniform(0.8, 1.6)),
        jpeg=int(rng.integers(72, 95)),
        demosaic=int(rng.choice([cv2.COLOR_BayerRGGB2RGB_EA, cv2.COLOR_BayerRGGB2RGB])),
    )


def _balance(rng: np.random.Generator, spread: float) -> tuple[float, float, float]:
    red, blue = np.exp(rng.normal(0, spread, 2)).tolist()
    return red, 1.0, blue


def blur(light: Colours, camera: Camera, finer: float, size: tuple[int, int]) -> Colours:
    """Through the lens onto the pixels.

    Args:
        light: on a grid that is ``finer`` than the pixels.
        camera: whose lens.
        finer: how many times.
        size: width and height in pixels.
    """
    seen = cv2.GaussianBlur(light, (0, 0), camera.psf_sigma_px * finer)
    if camera.motion_px > 0.3:  # noqa: PLR2004 - less than that is no motion
        seen = cv2.filter2D(seen, -1, _streak(camera.motion_px * finer, camera.motion_turn))
    if finer != 1:
        seen = cv2.resize(seen, size, interpolation=cv2.INTER_AREA)
    return np.asarray(seen, np.float32)


def _streak(long: float, turn: float) -> Plane:
    side = int(np.ceil(long)) // 2 * 2 + 3
    kernel = np.zeros((side, side), np.float32)
    middle = side // 2
    for at in np.linspace(-long / 2, long / 2, 31):
        x, y = middle + at * np.cos(turn), middle + at * np.sin(turn)
        left, top = int(x), int(y)
        for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
            kernel[top + dy, left + dx] += (1 - abs(x - left - dx)) * (1 - abs(y - top - dy))
    return np.asarray(kernel / kernel.sum())


def exposure(skin_light: Colours, camera: Camera) -> float:
    """Factor on the light: cameras brighten dark skin, but not all the way."""
    middle = float(np.median(skin_light @ WEIGHTS))
    return float(camera.brightness / 0.33 * (0.33 / middle) ** 0.5)


def plain(light: Colours, camera: Camera) -> Colours:
    """The photo without noise and without the software's sharpening, 0 to 255."""
    return _developed(light * np.array(camera.balance, np.float32), camera)


def shot(light: Colours, camera: Camera, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The photo as the camera writes it."""
    raw = np.empty(light.shape[:2], np.float32)
    raw[0::2, 0::2] = light[0::2, 0::2, 0]
    raw[0::2, 1::2] = light[0::2, 1::2, 1]
    raw[1::2, 0::2] = light[1::2, 0::2, 1]
    raw[1::2, 1::2] = light[1::2, 1::2, 2]
    sigma = np.sqrt(np.maximum(raw, 0) * camera.electrons + camera.read_noise**2) / camera.electrons
    raw += rng.standard_normal(raw.shape, dtype=np.float32) * sigma
    mosaic = np.clip(raw * 16000 + 500, 0, 65535).astype(np.uint16)
    whole = (np.asarray(cv2.cvtColor(mosaic, camera.demosaic), np.float32) - np.float32(500)) / np.float32(16000)
    picture = _sharpened(_developed(whole * np.array(camera.balance, np.float32), camera), camera)
    levels = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    _, written = cv2.imencode(".jpg", levels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, camera.jpeg])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(written, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


_FINE = 1 << 14


def _developed(light: Colours, camera: Camera) -> Colours:
    at = np.linspace(0, 1, _FINE + 1)
    encoded = np.where(at <= 0.0031308, 12.92 * at, 1.055 * np.maximum(at, 1e-9) ** (1 / 2.4) - 0.055)  # noqa: PLR2004 - sRGB
    curved = encoded + camera.curve * 0.35 * (encoded - 0.5) * 4 * encoded * (1 - encoded)
    table = (255 * np.clip(curved, 0, 1)).astype(np.float32)
    return np.asarray(table[np.rint(np.clip(light, 0, 1) * _FINE).astype(np.int32)])


def _sharpened(picture: Colours, camera: Camera) -> Colours:
    """Noise reduction by coring fine detail (colour more than light), then an unsharp mask on the light."""
    split = cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb)
    light = np.ascontiguousarray(split[..., 0])
    if camera.smooth:
        base = cv2.GaussianBlur(light, (0, 0), 1.0)
        detail = light - base
        light = base + detail * (np.square(detail) / (np.square(detail) + camera.smooth**2))
        split = cv2.GaussianBlur(split, (0, 0), 0.5 + 0.5 * camera.smooth)
    light = light + camera.sharpen * (light - cv2.GaussianBlur(light, (0, 0), camera.sharpen_px))
    split[..., 0] = light
    return np.asarray(cv2.cvtColor(split, cv2.COLOR_YCrCb2RGB))


def log_light(picture: Colours | NDArray[np.uint8]) -> Plane:
    """Log of the weighted linear light of a picture in sRGB levels."""
    levels = np.asarray(picture, np.float32) / np.float32(255)
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - the standard's
    return np.log(np.maximum(light @ WEIGHTS, 1 / 4096)).astype(np.float32)
