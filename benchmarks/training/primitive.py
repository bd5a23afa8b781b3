"""Plain drawings of skin with pores, to widen what the network learns from: many looks, little physics.

The rendered family says what skin looks like. These drawings say what may not matter: the profile of a pore, the kind
of texture, sharpness, noise and tone are drawn at random over wide ranges. Nothing is judged on them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from benchmarks.render.truth import Scene, TruePore
from pellucid.vision.light import decode

Plane = NDArray[np.float32]
Floats = NDArray[np.float64]

_WEIGHTS = np.array([0.15, 0.65, 0.20], np.float32)
_MELANIN = np.array([0.40, 0.75, 1.10], np.float32)
_BLOOD = np.array([0.06, 0.55, 0.40], np.float32)
_MELANIN_OF_TYPE = (0.25, 0.4, 0.6, 0.9, 1.3, 1.8)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The square of skin that is drawn on: its random source, side and scale."""

    rng: np.random.Generator
    side: int
    px_per_mm: float

    def noise(self, sigma_mm: float) -> Plane:
        """Smooth noise of standard deviation 1."""
        sigma = max(sigma_mm * self.px_per_mm, 0.01)
        step = max(1, int(sigma / 2))
        grid = self.side // step + 8
        rough = self.rng.standard_normal((grid, grid)).astype(np.float32)
        smooth = cv2.GaussianBlur(rough, (0, 0), max(sigma / step, 0.3))
        whole = cv2.resize(smooth, (grid * step, grid * step), interpolation=cv2.INTER_CUBIC)
        part = whole[: self.side, : self.side]
        return np.asarray((part - part.mean()) / max(float(part.std()), 1e-6), np.float32)

    def within(self, low: float, high: float) -> float:
        """Draw evenly on a log scale."""
        return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))

    def chance(self, share: float) -> bool:
        """Draw yes in this share of cases."""
        return bool(self.rng.random() < share)

    def points(self, count: int) -> Floats:
        return self.rng.uniform(0, self.side, (count, 2))


def draw(seed: int) -> Scene:
    """Draw one photo of skin.

    Args:
        seed: everything about it follows from this.
    """
    rng = np.random.default_rng(seed)
    sheet = _Sheet(rng, int(rng.choice([256, 320, 384])), float(np.exp(rng.uniform(np.log(8), np.log(24)))))
    phototype = int(rng.integers(1, 7))
    bare = _bare_skin(sheet, phototype)
    pores = _place(sheet) if sheet.chance(0.85) else np.zeros((0, 10))
    stamps = [_stamp(sheet, pore) for pore in pores]
    pitted = _with_stamps(bare, stamps, sheet.side)
    lens = _Lens.draw(sheet)
    clean, without = lens.through(pitted), lens.through(bare)
    change = _seen(clean) - _seen(without)
    pixels, noise = lens.photograph(sheet, clean)
    return Scene(
        pixels=pixels,
        px_per_mm=sheet.px_per_mm,
        pores=tuple(_truth(sheet, pore, change, noise) for pore in pores),
        skin=np.ones((sheet.side, sheet.side), bool),
        psf_sigma_px=lens.blur,
        phototype=phototype,
        settings={"family": "primitive", "seed": seed},
    )


def _seen(light: Plane) -> Plane:
    return np.asarray(np.log(np.maximum(light @ _WEIGHTS, 1 / 4096)), np.float32)


def _bare_skin(sheet: _Sheet, phototype: int) -> Plane:
    """Linear light of skin without pores: (side, side, 3)."""
    rng = sheet.rng
    melanin = _MELANIN_OF_TYPE[phototype - 1] * np.exp(rng.normal(0, 0.1)) * (1 + _patches(sheet, 0.15))
    blood = sheet.within(0.2, 0.7) * (1 + _patches(sheet, 0.25))
    melanin = melanin + _freckles(sheet)
    blood = blood + _papules(sheet)
    shade = _patches(sheet, sheet.within(0.01, 0.15)) + _grain(sheet) + _furrows(sheet) + _strokes(sheet)
    exposure = rng.uniform(-0.1, 0.6)
    dark = exposure + shade[..., None] + melanin[..., None] * _MELANIN + blood[..., None] * _BLOOD
    light = np.exp(-np.clip(dark, 0, 8))
    return np.asarray(light + _glints(sheet)[..., None], np.float32)


def _patches(sheet: _Sheet, size: float) -> Plane:
    return np.asarray(size * sheet.rng.random() * sheet.noise(sheet.within(0.8, 6)), np.float32)


def _grain(sheet: _Sheet) -> Plane:
    """Texture of all sizes up to a millimetre, flat or steep in its spectrum."""
    slope, size = sheet.rng.uniform(0, 1.2), sheet.within(0.002, 0.04)
    scales = (0.04, 0.08, 0.16, 0.32, 0.64)
    return np.asarray(size * sum(scale**slope * sheet.noise(scale) / 0.3**slope for scale in scales) / 2, np.float32)


def _furrows(sheet: _Sheet) -> Plane:
    """Nets of lines between cells, stretched, of uneven depth, sometimes lit from one side."""
    rng = sheet.rng
    total = np.zeros((sheet.side, sheet.side), np.float32)
    for _ in range(int(rng.integers(0, 3))):
        cell = max(sheet.within(0.25, 1.6) * sheet.px_per_mm, 4.0)
        angle, stretch = rng.uniform(0, np.pi), sheet.within(1, 3)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        turn[0] /= stretch
        reach = 0.8 * sheet.side
        seeds = rng.uniform(-reach, reach, (int((2 * reach / cell) ** 2), 2))
        bend = np.stack([sheet.noise(0.5), sheet.noise(0.5)], axis=-1) * cell * 0.1
        spots = (
            np.stack(np.meshgrid(np.arange(sheet.side), np.arange(sheet.side)), axis=-1) + bend - sheet.side / 2
        ) @ turn.T
        near = np.asarray(cKDTree(seeds).query(spots, k=2)[0])
        width = sheet.within(0.02, 0.1) * sheet.px_per_mm
        groove = np.exp(-(((near[:, :, 1] - near[:, :, 0]) / (2 * width)) ** 2)).astype(np.float32)
        if sheet.chance(0.4):
            slope = np.gradient(cv2.GaussianBlur(groove, (0, 0), max(0.5, width / 2)))
            light = rng.uniform(0, 2 * np.pi)
            groove = (slope[0] * np.sin(light) + slope[1] * np.cos(light)) * np.float32(width * 2)
        depth = np.clip(1 + 0.6 * sheet.noise(sheet.within(0.3, 2)), 0, None)
        total += np.float32(sheet.within(0.005, 0.15)) * depth * groove
    return total


def _strokes(sheet: _Sheet) -> Plane:
    """Hairs and scratches: long thin curves, dark or light, and short stubble."""
    rng, total = sheet.rng, np.zeros((sheet.side, sheet.side), np.float32)
    kinds = ((0.5, 12, (1, 8), (0.02, 0.07)), (0.25, 60, (0.25, 0.9), (0.04, 0.11)))
    for chance, most, lengths, widths in kinds:
        if rng.random() > chance:
            continue
        heading = rng.uniform(0, 2 * np.pi)
        for start in sheet.points(int(rng.integers(1, most))):
            layer = np.zeros_like(total)
            length = sheet.within(*lengths) * sheet.px_per_mm
            along = np.linspace(0, 1, 12)
            angle = heading + rng.normal(0, 0.4) + rng.normal(0, 0.5) * along
            path = start + length * np.cumsum(np.stack([np.cos(angle), np.sin(angle)], axis=1), axis=0) / 12
            width = sheet.within(*widths) * sheet.px_per_mm
            bent, wide = [np.rint(path * 16).astype(np.int32)], max(1, round(width))
            cv2.polylines(layer, bent, isClosed=False, color=1.0, thickness=wide, lineType=cv2.LINE_AA, shift=4)
            layer = cv2.GaussianBlur(layer, (0, 0), max(0.4, width / 3)) * np.float32(min(1.0, width))
            total += np.float32(sheet.within(0.05, 1.2) * (-0.4 if sheet.chance(0.3) else 1)) * layer
    return total


def _spots(sheet: _Sheet, count: int, sizes: tuple[float, float], depth: tuple[float, float], edge: float) -> Plane:
    """Roundish soft-edged spots."""
    total = np.zeros((sheet.side, sheet.side), np.float32)
    y, x = np.mgrid[0 : sheet.side, 0 : sheet.side].astype(np.float32)
    wobble = sheet.noise(0.25) * np.float32(0.2)
    for left, top in sheet.points(count):
        radius = sheet.within(*sizes) / 2 * sheet.px_per_mm
        away = np.hypot(x - left, y - top) / radius * (1 + wobble)
        total += np.float32(sheet.within(*depth)) / (1 + np.exp(np.clip((away - 1) / edge, -20, 20)))
    return total


def _freckles(sheet: _Sheet) -> Plane:
    rng = sheet.rng
    if not sheet.chance(0.35):
        return np.zeros((sheet.side, sheet.side), np.float32)
    soft = _spots(sheet, int(rng.integers(1, 25)), (0.7, 3), (0.04, 0.35), 0.2)
    if sheet.chance(0.5):
        soft += _spots(sheet, int(rng.integers(1, 60)), (0.35, 1), (0.02, 0.15), 0.3)
    return soft + _spots(sheet, int(rng.integers(0, 2)), (1.2, 4), (0.4, 1.5), 0.08)


def _papules(sheet: _Sheet) -> Plane:
    if not sheet.chance(0.25):
        return np.zeros((sheet.side, sheet.side), np.float32)
    return _spots(sheet, int(sheet.rng.integers(1, 4)), (0.9, 4), (0.1, 0.6), 0.2)


def _glints(sheet: _Sheet) -> Plane:
    """Small highlights of oil, in clusters, of uneven shape."""
    if not sheet.chance(0.4):
        return np.zeros((sheet.side, sheet.side), np.float32)
    fine = sheet.noise(sheet.within(0.03, 0.12)) + sheet.rng.uniform(0, 1.5) * sheet.noise(2)
    return np.asarray(sheet.within(0.02, 0.4) * np.clip(fine - sheet.rng.uniform(1.8, 3), 0, 1), np.float32)


def _place(sheet: _Sheet) -> Floats:
    """Pores as rows: x, y, diameter in mm, aspect, angle, depth, edge, tilt of light, rim, light plug."""
    rng = sheet.rng
    area = (sheet.side / sheet.px_per_mm) ** 2 / 100
    wanted = int(sheet.within(15, 450) * area)
    middle, spread = sheet.within(0.12, 0.32), rng.uniform(0.15, 0.45)
    size = np.clip(middle * np.exp(rng.normal(0, spread, wanted)), 0.06, 0.75)
    spots = sheet.points(wanted)
    pairs = np.sort(
        cKDTree(spots).query_pairs(1.3 * sheet.px_per_mm * float(size.max(initial=0)), output_type="ndarray")
    )
    gaps = np.linalg.norm(spots[pairs[:, 0]] - spots[pairs[:, 1]], axis=1)
    crowded = gaps < 0.65 * sheet.px_per_mm * (size[pairs[:, 0]] + size[pairs[:, 1]])
    kept = np.setdiff1d(np.arange(wanted), pairs[crowded, 1])
    count = len(kept)
    aspect = 1 + np.abs(rng.normal(0, rng.uniform(0.05, 0.5), count)).clip(0, 1.2)
    angle = rng.uniform(0, np.pi) + rng.normal(0, rng.uniform(0.1, 2), count)
    depth = sheet.within(0.04, 0.5) * np.exp(rng.normal(0, 0.5, count))
    edge = np.clip(rng.uniform(0.1, 0.5) + rng.normal(0, 0.05, count), 0.08, 0.6)
    lit = np.full(count, rng.uniform(0, 0.9) if sheet.chance(0.4) else 0.0)
    rim = np.full(count, rng.uniform(0, 0.25) if sheet.chance(0.4) else 0.0)
    pale = rng.random(count) < (rng.uniform(0, 0.5) if sheet.chance(0.4) else 0.0)
    return np.column_stack([spots[kept], size[kept], aspect, angle, depth.clip(0, 1.2), edge, lit, rim, pale])


def _stamp(sheet: _Sheet, pore: Floats) -> tuple[int, int, Plane]:
    """Change of -log light around one pore, with the corner where it starts."""
    x, y, size, aspect, angle, depth, edge, lit, rim, pale = pore.tolist()
    radius = size / 2 * sheet.px_per_mm
    reach = int(np.ceil(radius * aspect * 2.2 + 2))
    top, left = int(y) - reach, int(x) - reach
    dy, dx = np.mgrid[top : top + 2 * reach + 1, left : left + 2 * reach + 1].astype(np.float32)
    dx, dy = dx - np.float32(x), dy - np.float32(y)
    along = (dx * np.cos(angle) + dy * np.sin(angle)) / (radius * aspect**0.5)
    across = (-dx * np.sin(angle) + dy * np.cos(angle)) / (radius / aspect**0.5)
    away = np.hypot(along, across)
    mouth = 1 / (1 + np.exp(np.clip((away - 1) / (edge * 0.5), -20, 20)))
    pit = mouth * (1 + lit * np.clip(along, -1, 1)) - rim * np.exp(-(((away - 1.35) / 0.2) ** 2))
    if pale:
        heart = 1 / (1 + np.exp(np.clip((away - 0.6) / (edge * 0.4), -20, 20)))
        ring = sheet.rng.uniform(0, 0.7)
        pit = ring * pit - (ring + sheet.rng.uniform(0.2, 0.8)) * heart
    return top, left, np.asarray(depth * pit, np.float32)


def _with_stamps(light: Plane, stamps: list[tuple[int, int, Plane]], side: int) -> Plane:
    total = np.zeros((side, side), np.float32)
    for top, left, stamp in stamps:
        rows = slice(max(top, 0), min(top + stamp.shape[0], side))
        columns = slice(max(left, 0), min(left + stamp.shape[1], side))
        part = stamp[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        total[rows, columns] += part
    return light * np.exp(-total)[..., None]


@dataclass(frozen=True, slots=True)
class _Lens:
    """Lens, sensor and what the phone does after."""

    blur: float
    noise: float
    mosaic: bool
    smooth: float
    sharpen: float
    quality: int
    tone: float

    @classmethod
    def draw(cls, sheet: _Sheet) -> "_Lens":
        rng = sheet.rng
        return cls(
            blur=sheet.within(0.45, 2.6),
            noise=sheet.within(0.001, 0.02),
            mosaic=sheet.chance(0.5),
            smooth=rng.uniform(0.5, 1.2) if sheet.chance(0.4) else 0.0,
            sharpen=rng.uniform(0.2, 1.5) if sheet.chance(0.4) else 0.0,
            quality=int(rng.choice([60, 75, 85, 92, 97])) if sheet.chance(0.6) else 0,
            tone=rng.uniform(0.8, 1.25),
        )

    def through(self, light: Plane) -> Plane:
        return np.asarray(np.clip(cv2.GaussianBlur(light, (0, 0), self.blur), 0, 1) ** self.tone, np.float32)

    def photograph(self, sheet: _Sheet, light: Plane) -> tuple[NDArray[np.uint8], float]:
        """Pixels, and the standard deviation of their log light against the light that came in."""
        rng = sheet.rng
        read = light + rng.standard_normal(light.shape).astype(np.float32) * self.noise * np.sqrt(light + 0.02)
        if self.mosaic:
            read = _demosaiced(read)
        if self.smooth:
            read = cv2.GaussianBlur(read, (0, 0), self.smooth)
        code = 1.055 * np.maximum(read, 1e-6) ** (1 / 2.4) - 0.055
        if self.sharpen:
            code = code + self.sharpen * (code - cv2.GaussianBlur(code, (0, 0), 1.2))
        pixels = np.clip(np.rint(code * 255), 0, 255).astype(np.uint8)
        if self.quality:
            stored = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, self.quality])[1]
            pixels = np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.uint8)[..., ::-1]
        back = decode(pixels)
        fine = cv2.Laplacian(_seen(back) - _seen(light), cv2.CV_32F, ksize=1)
        return np.ascontiguousarray(pixels), float(1.4826 * np.median(np.abs(fine)) / 20**0.5)


def _demosaiced(light: Plane) -> Plane:
    """What is left of three colours when each pixel sees one of them."""
    row, column = np.indices(light.shape[:2]) % 2
    seen = np.where(row == column, light[..., 1], np.where(row == 0, light[..., 0], light[..., 2]))
    stored = np.clip(np.rint(seen * 60000 + 2000), 0, 65535).astype(np.uint16)
    full = np.asarray(cv2.demosaicing(stored, cv2.COLOR_BayerGB2RGB), np.float32)
    return (full - 2000) / np.float32(60000)


def _truth(sheet: _Sheet, pore: Floats, change: Plane, noise: float) -> TruePore:
    x, y, size, aspect, angle = pore[:5].tolist()
    reach = int(np.ceil(size * sheet.px_per_mm * 0.9 + 1))
    rows = slice(max(int(y) - reach, 0), int(y) + reach + 1)
    columns = slice(max(int(x) - reach, 0), int(x) + reach + 1)
    part = change[rows, columns]
    return TruePore(
        x_px=x,
        y_px=y,
        diameter_mm=size,
        aspect=aspect,
        angle_deg=float(np.degrees(angle) % 180),
        shape="round",
        plug="light" if pore[9] else "dark",
        contrast=float(np.abs(part).max(initial=0)),
        snr=float(np.sqrt((part**2).sum()) / max(noise, 1e-4)),
    )
