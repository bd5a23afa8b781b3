"""A photo of a label: the words that can be read in it, and its barcode number. Nothing leaves the machine.

Reading words needs the optional part ``pellucid[photo]`` (docs/adr/0013-label-photos.md). Its models are files inside
the installed package and are named one by one here, so that it never looks for any elsewhere.
"""

import re
import warnings
from functools import cache
from importlib import resources, util
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from pellucid.model.errors import InputError, Problem

LARGEST_FILE = 50_000_000
"""Bytes; a photo of 50 megapixels has about 20,000,000."""
BEGINNINGS = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n"),
    "WEBP": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "TIFF": re.compile(rb"II\*\0|MM\0\*"),
    "BMP": re.compile(rb"BM....\0\0\0\0", re.DOTALL),
    "GIF": re.compile(rb"GIF8[79]a"),
    "HEIC": re.compile(rb"....ftyp(?:hei|hev|mif|msf|avi)", re.DOTALL),
}
"""What the first bytes of a picture are."""
READABLE = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")
MODELS = {"Det.model_path": "*_det_*.onnx", "Cls.model_path": "*_cls_*.onnx", "Rec.model_path": "*_rec_*.onnx"}
"""Settings of the reader of words to the files of its package; the second has to be named, and isn't used."""
SURE = 0.85
"""Where a line is read with less confidence, the photo is tried turned as well."""
TURNS = (90, 180, 270)
"""Degrees by which it is turned then."""


class Lines(NamedTuple):
    """What was read in a picture."""

    text: str
    upright: bool
    """Whether every line lies flat and was read with confidence."""
    read: float
    """Letters in lines that lie flat, each counted by how surely it was read."""


def is_photo(beginning: bytes) -> bool:
    """Whether a file that begins so is a picture."""
    return any(pattern.match(beginning) for pattern in BEGINNINGS.values())


def open_photo(path: Path) -> Image.Image:
    """The picture in a file, upright as the camera was held, in colours.

    Raises:
        InputError: it can't be read, is too large, or is in no format that is read here.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError([Problem(str(path), f"is larger than {LARGEST_FILE:,} bytes; save it smaller")])
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=READABLE) as photo:
                return ImageOps.exif_transpose(photo).convert("RGB")
    except UnidentifiedImageError as error:
        raise InputError([Problem(str(path), "is no picture in JPEG, PNG or WebP; save it as one")]) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError([Problem(str(path), "has too many pixels; save it smaller")]) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputError([Problem(str(path), f"can't be read: {getattr(error, 'strerror', None) or error}")]) from error


def can_read_words() -> bool:
    """Whether the optional part is installed."""
    return all(util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def read_words(path: Path) -> str:
    """The words in a photo, line by line. A photo that lies on its side or upside down is turned.

    Raises:
        InputError: the photo can't be opened or shows no words, or the optional part isn't installed.
    """
    photo = open_photo(path)
    if not can_read_words():
        raise InputError([Problem(str(path), "is a photo. " + HOW_TO_READ_PHOTOS)])
    found = _lines(photo)
    if found.upright:
        return found.text
    turned = (_lines(photo.rotate(degrees, expand=True)) for degrees in TURNS)
    text = max([found, *turned], key=lambda each: each.read).text
    if not text:
        raise InputError([Problem(str(path), "shows no words that can be read; go nearer, hold still, use more light")])
    return text


HOW_TO_READ_PHOTOS = (
    "Reading the words in it needs a part that is installed apart: pip install 'pellucid[photo]'. "
    "Or copy the list from the shop's page into a text file, or type it"
)


def _lines(photo: Image.Image) -> Lines:
    import numpy  # noqa: PLC0415, ICN001 - only a photo needs it

    pixels = numpy.ascontiguousarray(numpy.asarray(photo)[:, :, ::-1])
    found = _engine()(pixels, use_cls=False)
    if found.boxes is None or not found.txts:
        return Lines("", upright=False, read=0.0)
    lines = list(zip(found.txts, found.scores, map(_flat, found.boxes), strict=True))
    upright = all(flat and score >= SURE for _, score, flat in lines)
    return Lines("\n".join(found.txts), upright, sum(score * len(line) for line, score, flat in lines if flat))


def _flat(box: Any) -> bool:
    """Whether a line runs across and not up or down, by its corners."""
    across, down = box[:, 0], box[:, 1]
    return bool(across.max() - across.min() >= down.max() - down.min())


@cache
def _engine() -> Any:
    """The reader of words, with the models of its own package; were one missing, it would look for it elsewhere."""
    from rapidocr import RapidOCR  # noqa: PLC0415 - optional, and slow to load

    with resources.as_file(resources.files("rapidocr") / "models") as folder:
        models = {name: str(next(folder.glob(pattern))) for name, pattern in MODELS.items()}
    return RapidOCR(params={"Global.log_level": "critical", **models})
