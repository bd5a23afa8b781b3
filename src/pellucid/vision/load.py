"""A file or its bytes as a ``Photo``: upright, in sRGB, and without anything that the camera wrote beside the pixels.

The decoders are Pillow's and, for HEIC, pi_heif's (docs/adr/0015-reading-photos.md). They are called one by one and
not through a registry, so that nothing is set for the whole process. What the pixels show is not looked at here.
"""

import io
import re
import struct
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

import numpy as np
import pi_heif  # type: ignore[import-untyped]
from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from pellucid.model.errors import InputError, Problem
from pellucid.vision.photo import Photo, Pixels
from pellucid.vision.srgb import ADOBE_RGB, DISPLAY_P3, to_srgb

LARGEST_FILE = 400_000_000
"""Bytes; the largest photo that is read takes 384,000,000 as an uncompressed TIFF of 16 bits."""
LARGEST_PHOTO = 64_000_000
"""Pixels. Decoding needs up to 16 bytes a pixel for a while, and 3 are kept."""
LARGEST_TILE = 16_000_000
"""Pixels of one tile of a TIFF, which may be larger than the whole picture; usual are 65,536."""
NAMELESS = "photo"
"""What a photo is called that came as bytes without a name."""
DAMAGED = "is damaged, or was not copied to its end; copy it from the camera again"
OTHER_FORMAT = "save it as JPEG, PNG, WebP, TIFF or HEIC"
RAW = "is a raw file of a camera; develop it to JPEG, PNG or TIFF at its full size"
BEGINNINGS = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WebP": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "raw": re.compile(rb"II\*\0....CR", re.DOTALL),
    "TIFF": re.compile(rb"II\*\0|MM\0\*"),
    "AVIF": re.compile(rb"....ftypavi[fs]", re.DOTALL),
    "HEIC": re.compile(rb"....ftyp(?:hei|hev|mif|msf)", re.DOTALL),
    "GIF": re.compile(rb"GIF8[79]a"),
    "BMP": re.compile(rb"BM....\0\0\0\0", re.DOTALL),
    "PDF": re.compile(rb"%PDF-"),
}
"""What the first bytes of a file say; the name it has doesn't count."""
PLUGINS: dict[str, type[ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WebP": WebPImageFile,
    "TIFF": TiffImageFile,
}
DECODER_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What decoders raise on damaged files; they promise no single kind."""
UPRIGHT: dict[object, Callable[[Pixels], Pixels]] = {
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.transpose(1, 0, 2),
    6: lambda pixels: pixels.transpose(1, 0, 2)[:, ::-1],
    7: lambda pixels: pixels.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda pixels: pixels.transpose(1, 0, 2)[::-1],
}
"""What turns the pixels upright, by the value of the EXIF tag of how the camera was held."""
OPAQUE_FROM = 128
"""Alpha below this is no skin."""

_filters = threading.Lock()


class _UnreadableError(Exception):
    """What is wrong with the file and what to do about it, before it's known what the file is called."""


def load(source: Path | bytes, *, name: str | None = None) -> Photo:
    """Read a photo in JPEG, PNG, WebP, TIFF or HEIC; which of them is told by its content.

    The pixels are turned upright and converted to sRGB. EXIF, position, thumbnails and profiles are dropped. Of a file
    with several pictures the first (in HEIC the primary one) counts. Grey becomes three equal colours; parts more than
    half transparent become black, which is no skin. Grey of 16 bits stays so, colours of more than 8 bits become 8.
    Safe to call from several threads.

    Args:
        source: The file, or its bytes.
        name: What the photo is called; otherwise as the file, or ``photo``. Only its last part is kept.

    Returns:
        The photo, with pixels of its own that can't be written to.

    Raises:
        InputError: it can't be read, is too large, or is in another format.
    """
    where = str(source) if isinstance(source, Path) and name is None else name or NAMELESS
    try:
        with _opened(source) as stream:
            pixels = _decoded(stream)
    except _UnreadableError as fault:
        raise InputError([Problem(where, str(fault))]) from fault.__cause__
    except MemoryError as error:
        raise InputError([Problem(where, "needs more memory than there is; cut out the skin that matters")]) from error
    pixels.flags.writeable = False
    # Bytes of a name that are no text could be neither printed nor written as JSON.
    named = PureWindowsPath(where).name.encode(errors="replace").decode()
    return Photo(named or NAMELESS, pixels)


@contextmanager
def _opened(source: Path | bytes) -> Iterator[BinaryIO]:
    """The bytes as something to read from."""
    if isinstance(source, bytes):
        _check_length(len(source))
        yield io.BytesIO(source)
        return
    try:
        if source.exists() and not source.is_file():
            raise _UnreadableError("is a folder or a device; name the photos in it one by one")
        stream = source.open("rb")
    except (OSError, ValueError) as error:
        raise _UnreadableError(f"can't be opened: {getattr(error, 'strerror', None) or error}") from error
    with stream:
        _check_length(source.stat().st_size)
        yield stream


def _check_length(length: int) -> None:
    if not length:
        raise _UnreadableError("is empty; copy it from the camera again")
    if length > LARGEST_FILE:
        raise _UnreadableError(f"is larger than {LARGEST_FILE // 1_000_000} MB; cut out the skin that matters")


def _decoded(stream: BinaryIO) -> Pixels:
    beginning = stream.read(16)
    stream.seek(0)
    kind = next((kind for kind, pattern in BEGINNINGS.items() if pattern.match(beginning)), None)
    if kind is None:
        raise _UnreadableError(f"is no photo that can be read; {OTHER_FORMAT}")
    if kind == "raw":
        raise _UnreadableError(RAW)
    if kind != "HEIC" and kind not in PLUGINS:
        raise _UnreadableError(f"is in the format {kind}; {OTHER_FORMAT}")
    try:
        return _from_heic(stream.read()) if kind == "HEIC" else _from_plugin(PLUGINS[kind], stream)
    except DECODER_FAULTS as error:
        raise _UnreadableError(DAMAGED) from error


def _from_plugin(plugin: type[ImageFile], stream: BinaryIO) -> Pixels:
    with _quiet():
        image = plugin(stream)
        _check_size(image.size)
        if isinstance(image, TiffImageFile):
            _check_tiff(image)
            image.load()  # reads its notes once more
    image.load()
    orientation, assumed = _held_and_meant(image)
    pixels = _colours(image, image.info.get("icc_profile") or assumed, _depth(image))
    turn = UPRIGHT.get(orientation)
    return turn(pixels).copy() if turn else pixels


def _from_heic(content: bytes) -> Pixels:
    """Libheif turns the pixels upright by itself; what EXIF says besides no longer holds.

    The notes are unlinked before it sees them: pi_heif up to 1.4 ends the process where the kind of one is no UTF-8
    (https://github.com/bigcat88/pillow_heif/pull/478).
    """
    heic = pi_heif.open_heif(NOTES.sub(rb"\1skip", content))
    _check_size(heic.size)
    meant = heic.info.get("nclx_profile") or {}
    if meant.get("transfer_characteristics") in HIGH_RANGE:
        raise _UnreadableError("is in high dynamic range; turn HDR off for the photo, or save it as JPEG")
    assumed = DISPLAY_P3 if meant.get("color_primaries") == P3_PRIMARIES else None
    image = Image.frombytes(heic.mode, heic.size, heic.data, "raw", heic.mode, heic.stride)
    return _colours(image, heic.info.get("icc_profile") or assumed, 16)


NOTES = re.compile(rb"(\0.{3})cdsc", re.DOTALL)
"""The box that says which note belongs to which picture, with its length (ISO/IEC 23008-12, 6.4)."""
HIGH_RANGE = (16, 18)
"""PQ and HLG, as ITU-T H.273 numbers how light becomes numbers; their white is no white of sRGB."""
P3_PRIMARIES = 12
"""Display P3, as ITU-T H.273 numbers primaries."""


def _check_size(size: tuple[int, int]) -> None:
    """Ask the header, before anything is decoded."""
    width, height = size
    if width * height > LARGEST_PHOTO:
        raise _UnreadableError(
            f"has {width:,} x {height:,} pixels, and up to {LARGEST_PHOTO:,} can be read; "
            "cut out the skin that matters without making it smaller"
        )


def _check_tiff(image: TiffImageFile) -> None:
    """Refuse a raw file, of which only the small preview would be seen, and tiles that would fill the memory."""
    tags = image.tag_v2
    if DNG_VERSION in tags or tags.get(NEW_SUBFILE_TYPE, 0) & 1:
        raise _UnreadableError(RAW)
    if tags.get(TILE_WIDTH, 0) * tags.get(TILE_LENGTH, 0) > LARGEST_TILE:
        raise _UnreadableError(DAMAGED)


DNG_VERSION = 50706
NEW_SUBFILE_TYPE = 254
"""Its lowest bit: a smaller version of another picture in the file."""
TILE_WIDTH = 322
TILE_LENGTH = 323
BITS_PER_SAMPLE = 258


def _held_and_meant(image: ImageFile) -> tuple[object, bytes | None]:
    """How the camera was held, and the profile its colours are meant in when none is in the file."""
    try:
        with _quiet():
            exif = image.getexif()
            kind = exif.get_ifd(ExifTags.IFD.Exif) and exif.get_ifd(ExifTags.IFD.Interop).get(1)
    except DECODER_FAULTS:  # the pixels are whole even where the notes beside them aren't
        return 1, None
    return exif.get(ExifTags.Base.Orientation, 1), ADOBE_RGB if kind == "R03" else None


def _depth(image: ImageFile) -> int:
    """How many bits a grey of more than 8 has; only TIFF has others than 16."""
    return int(image.tag_v2.get(BITS_PER_SAMPLE, (16,))[0]) if isinstance(image, TiffImageFile) else 16


def _colours(image: Image.Image, profile: bytes | None, depth: int) -> Pixels:
    """Every mode that the decoders know as red, green and blue in sRGB."""
    if image.mode.startswith("I;16"):
        grey = np.asarray(image).astype(np.uint16) << np.uint16(max(0, 16 - depth))
        return np.repeat(grey[:, :, np.newaxis], 3, axis=2)
    if image.mode in {"I", "F"}:
        raise _UnreadableError("holds 32 bits a pixel, which is no photo; save it with 8 or 16")
    if not image.has_transparency_data:
        return np.array(to_srgb(image, profile))
    image = image.convert("RGBA")
    hidden = np.asarray(image.getchannel("A")) < OPAQUE_FROM
    pixels = np.array(to_srgb(image.convert("RGB"), profile))
    pixels[hidden] = 0
    return pixels


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep decoders from warning of damaged notes beside the pixels. All threads share the filters of warnings."""
    with _filters, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
