"""Colours as sRGB, by the profile that they came with. What decodes files is in ``load``."""

import io
import struct

from PIL import Image, ImageCms

from pellucid.vision.light import LINEAR_UP_TO, SRGB_OFFSET, SRGB_POWER, SRGB_SLOPE

D50 = (0.9642, 1.0, 0.8249)
"""The white to which profiles refer (ICC.1:2022, 7.2.16)."""


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The image with red, green and blue as sRGB means them.

    Args:
        image: In any mode of 8 bits, without transparency.
        profile: An ICC profile; one that is damaged, or of other colours than the image has, is ignored.

    Returns:
        An image in mode RGB.
    """
    if image.mode not in {"RGB", "L", "CMYK"}:
        image = image.convert("RGB")
    if profile is None:
        return image.convert("RGB")
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(meant):
            return image.convert("RGB")
        return _converted(image, meant)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image.convert("RGB")


def _converted(image: Image.Image, meant: ImageCms.ImageCmsProfile) -> Image.Image:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    converted = ImageCms.profileToProfile(image, meant, srgb, renderingIntent=intent, outputMode="RGB")
    return converted if converted is not None else image.convert("RGB")


def _profile(columns: tuple[tuple[float, float, float], ...], curve: bytes) -> bytes:
    """A smallest ICC profile: the colorants in XYZ under D50, and one curve for all of them."""
    texts = b"desc" + bytes(4) + struct.pack(">I", 2) + b"-\0" + bytes(78)
    white, *colorants = (
        b"XYZ " + bytes(4) + struct.pack(">3i", *(round(v * 65536) for v in xyz)) for xyz in (D50, *columns)
    )
    parts = {b"desc": texts, b"cprt": b"text" + bytes(5), b"wtpt": white}
    parts |= dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), colorants, strict=True))
    parts |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, body, start = b"", b"", 128 + 4 + 12 * len(parts)
    for tag, part in parts.items():
        padded = part + bytes(-len(part) % 4)
        table += tag + struct.pack(">2I", start + len(body), len(part))
        body += padded
    head = struct.pack(">2I", start + len(body), 0) + struct.pack(">I", 0x02400000) + b"mntrRGB XYZ " + bytes(12)
    head += b"acsp" + bytes(28) + struct.pack(">3i", *(round(v * 65536) for v in D50)) + bytes(48)
    return head + struct.pack(">I", len(parts)) + table + body


_CURVE = (SRGB_POWER, 1 / (1 + SRGB_OFFSET), SRGB_OFFSET / (1 + SRGB_OFFSET), 1 / SRGB_SLOPE, LINEAR_UP_TO)
SRGB_CURVE = b"para" + bytes(4) + struct.pack(">2H5i", 3, 0, *(round(v * 65536) for v in _CURVE))
ADOBE_CURVE = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.19921875 * 256))
DISPLAY_P3 = _profile(
    ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)), SRGB_CURVE
)
"""As phones photograph; for files that name it by number only."""
ADOBE_RGB = _profile(
    ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)), ADOBE_CURVE
)
"""As cameras photograph that say so in EXIF and write no profile."""
