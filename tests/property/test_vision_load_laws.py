"""Whatever bytes come: a photo, or an error that says what to do."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pellucid.model.errors import InputError
from pellucid.vision.load import load
from pellucid.vision.srgb import DISPLAY_P3

DATA = Path(__file__).parents[1] / "unit" / "data"
PIXELS = np.random.default_rng(7).integers(0, 256, (24, 40, 4), dtype=np.uint8)
NOTES = Image.Exif()
NOTES[0x0112] = 8
SMALL = settings(max_examples=150, deadline=2000)


def saved(mode: str, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(PIXELS).convert(mode).save(stream, kind, icc_profile=DISPLAY_P3, exif=NOTES, **options)
    return stream.getvalue()


FILES = [
    saved("RGB", "JPEG"),
    saved("RGB", "JPEG", progressive=True),
    saved("CMYK", "JPEG"),
    saved("RGBA", "PNG"),
    saved("P", "PNG"),
    saved("RGBA", "WEBP"),
    saved("RGB", "TIFF"),
    saved("RGB", "TIFF", compression="tiff_lzw"),
    saved("RGBA", "TIFF", compression="tiff_deflate"),
    *((DATA / name).read_bytes() for name in ("gradient.heic", "turned_p3.heic", "p3_by_number.heic")),
]


def opened(content: bytes) -> None:
    """Hold that it's a photo, or refused and nothing else."""
    try:
        photo = load(content)
    except InputError:
        return
    assert photo.pixels.ndim == 3
    assert photo.pixels.shape[2] == 3
    assert photo.pixels.dtype in {np.dtype(np.uint8), np.dtype(np.uint16)}


@SMALL
@given(st.sampled_from(FILES), st.floats(0, 1))
def test_a_file_that_was_cut_off_anywhere_is_read_or_refused(content: bytes, share: float) -> None:
    opened(content[: int(share * len(content))])


@SMALL
@given(st.sampled_from(FILES), st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=8))
def test_a_file_with_flipped_bytes_is_read_or_refused(content: bytes, flips: list[tuple[float, int]]) -> None:
    damaged = bytearray(content)
    for place, flip in flips:
        damaged[min(int(place * len(damaged)), len(damaged) - 1)] ^= flip
    opened(bytes(damaged))


@SMALL
@given(st.sampled_from(FILES), st.integers(0, 200), st.binary(max_size=12))
def test_a_file_whose_head_was_overwritten_is_read_or_refused(content: bytes, place: int, written: bytes) -> None:
    opened(content[:place] + written + content[place + len(written) :])


@SMALL
@given(st.sampled_from([content[:12] for content in FILES]), st.binary(max_size=200))
def test_a_beginning_followed_by_anything_is_read_or_refused(beginning: bytes, rest: bytes) -> None:
    opened(beginning + rest)
