"""Photos from files: formats, orientation, colour profiles, what is dropped, and files that are broken or hostile."""

import io
import struct
import threading
import time
import warnings
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngImageFile

from pellucid.model.errors import InputError
from pellucid.vision.load import LARGEST_FILE, PLUGINS, load
from pellucid.vision.srgb import ADOBE_RGB, DISPLAY_P3

DATA = Path(__file__).parent / "data"
DOWN, ACROSS = np.mgrid[:32, :48]
GRADIENT = np.stack([60 + 4 * ACROSS, 40 + 5 * DOWN, 200 - 2 * ACROSS - 2 * DOWN], axis=-1).astype(np.uint8)
"""What the pictures in the folder of data show; no side of it is like another."""
SKIN = np.full((8, 12, 3), (200, 150, 120), np.uint8)
P3_SKIN = (209, 147, 115)
"""What (200, 150, 120) in Display P3 is in sRGB: by the matrices of both, worked out by hand."""

FINE: dict[str, dict[str, Any]] = {"JPEG": {"quality": 98}, "PNG": {}, "WEBP": {"lossless": True}, "TIFF": {}}
"""How each format is saved with the least loss."""


def saved(pixels: NDArray[Any], format: str, *, mode: str | None = None, **options: Any) -> bytes:  # noqa: A002
    image = Image.fromarray(pixels)
    stream = io.BytesIO()
    (image.convert(mode) if mode else image).save(stream, format, **options)
    return stream.getvalue()


def exif(**tags: Any) -> Image.Exif:
    notes = Image.Exif()
    notes[0x0112] = tags.get("orientation", 1)
    notes[0x010F] = "the maker"
    notes.get_ifd(0x8825)[2] = (25.0, 2.0, 3.0)
    if "interop" in tags:
        notes.get_ifd(0x8769)[0xA005] = {1: tags["interop"]}
    return notes


def tiff(tags: dict[int, tuple[int, int]], pixels: bytes = b"") -> bytes:
    """A TIFF of these tags, each with its type (3 for 16 bits, 4 for 32) and value."""
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, (kind, value) in sorted(tags.items()))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + pixels


def grey_tiff(**more: tuple[int, int]) -> bytes:
    """Two pixels of 12 bits as three bytes, unless other tags (``t`` and their number) say otherwise."""
    tags = {256: (4, 2), 257: (4, 1), 258: (3, 12), 259: (3, 1), 262: (3, 1), 277: (3, 1), 278: (4, 1), 279: (4, 3)}
    tags |= {int(tag[1:]): value for tag, value in more.items()}
    tags[273] = (4, 8 + 2 + 12 * (len(tags) + 1) + 4)
    return tiff(tags, bytes([0x80, 0x0F, 0xFF]) + bytes(4))


def png_of(width: int, height: int, *, depth: int = 8, rows: bytes = bytes(100)) -> bytes:
    """A PNG that says it has this size, whatever it holds."""
    content = b"\x89PNG\r\n\x1a\n"
    for kind, body in (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ):
        content += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return content


def jpeg_of(width: int, height: int) -> bytes:
    content = bytearray(saved(SKIN, "JPEG"))
    start = content.index(b"\xff\xc0") + 5
    content[start : start + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def heic_of_200_megapixels() -> bytes:
    """The gradient, said to be larger in the box of its size and in the grid that it's put together by."""
    content = (DATA / "gradient.heic").read_bytes()
    for size, larger in ((">II", (20_000, 10_000)), (">HH", (20_000, 10_000))):
        content = content.replace(struct.pack(size, 48, 32), struct.pack(size, *larger))
    return content


@pytest.mark.parametrize("extension", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_photo_of_any_format_has_the_colours_it_was_saved_with(extension: str) -> None:
    photo = load(saved(GRADIENT, extension, **FINE[extension]))
    assert (photo.name, photo.pixels.dtype.name, photo.pixels.shape) == ("photo", "uint8", (32, 48, 3))
    assert np.abs(photo.pixels.astype(int) - GRADIENT).mean() < 3
    assert not photo.pixels.flags.writeable


def test_heic_of_a_phone_is_read() -> None:
    photo = load(DATA / "gradient.heic")
    assert photo.name == "gradient.heic"
    assert np.abs(photo.pixels.astype(int) - GRADIENT).mean() < 3


def test_heic_that_lies_on_its_side_in_wide_colours_with_position_is_turned_and_converted() -> None:
    photo = load(DATA / "turned_p3.heic")
    expected = load(saved(GRADIENT, "PNG", icc_profile=DISPLAY_P3)).pixels.transpose(1, 0, 2)[:, ::-1]
    assert photo.pixels.shape == (48, 32, 3)
    assert np.abs(photo.pixels.astype(int) - expected).mean() < 4
    assert np.abs(photo.pixels.astype(int) - GRADIENT.transpose(1, 0, 2)[:, ::-1]).mean() > 8


def test_heic_that_names_its_wide_colours_by_number_is_converted() -> None:
    expected = load(saved(GRADIENT, "PNG", icc_profile=DISPLAY_P3)).pixels
    assert np.abs(load(DATA / "p3_by_number.heic").pixels.astype(int) - expected).mean() < 3


def test_a_note_of_unreadable_kind_in_heic_does_not_end_the_process() -> None:
    content = (DATA / "turned_p3.heic").read_bytes()
    assert np.array_equal(load(content.replace(b"Exif", b"\xff\xfe\xfd\xfc", 1)).pixels, load(content).pixels)


CORNERS = {
    1: ("top left", "top right"),
    2: ("top right", "top left"),
    3: ("bottom right", "bottom left"),
    4: ("bottom left", "bottom right"),
    5: ("top left", "bottom left"),
    6: ("top right", "bottom right"),
    7: ("bottom right", "top right"),
    8: ("bottom left", "top left"),
}
"""Where EXIF says that the first pixel and the last pixel of the first row are seen, by the tag's value."""


@pytest.mark.parametrize("extension", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize(("orientation", "corners"), CORNERS.items())
def test_however_the_camera_was_held_the_photo_is_upright(
    extension: str, orientation: int, corners: tuple[str, str]
) -> None:
    stored = np.zeros((32, 48, 3), np.uint8)
    stored[:8, :8], stored[:8, -8:] = (255, 0, 0), (0, 0, 255)
    upright = load(saved(stored, extension, exif=exif(orientation=orientation))).pixels.astype(int)
    assert upright.shape == ((32, 48, 3) if orientation < 5 else (48, 32, 3))
    for corner, colour in zip(corners, (0, 2), strict=True):
        there = upright[-4 if "bottom" in corner else 3, -4 if "right" in corner else 3]
        assert there[colour] > 200
        assert there.sum() < 300


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_left_alone(orientation: int) -> None:
    assert load(saved(GRADIENT, "PNG", exif=exif(orientation=orientation))).pixels.shape == (32, 48, 3)


def test_damaged_notes_of_the_camera_do_not_keep_the_pixels_from_being_read() -> None:
    good = exif(orientation=6).tobytes()
    content = saved(GRADIENT, "JPEG", exif=good[:10] + b"\xff" * 40)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        assert load(content).pixels.shape == (32, 48, 3)
    assert not heard


def test_only_the_last_part_of_a_name_is_kept(tmp_path: Path) -> None:
    (tmp_path / "left cheek.png").write_bytes(saved(SKIN, "PNG"))
    assert load(tmp_path / "left cheek.png").name == "left cheek.png"
    assert load(saved(SKIN, "PNG"), name="C:\\Clients\\Jane\\a.png").name == "a.png"
    assert load(saved(SKIN, "PNG"), name="/home/jane/b.png").name == "b.png"


def test_a_name_with_bytes_that_are_no_text_is_told_as_text(tmp_path: Path) -> None:
    (tmp_path / "bad\udcff.png").write_bytes(saved(SKIN, "PNG"))
    assert load(tmp_path / "bad\udcff.png").name == "bad?.png"


@pytest.mark.parametrize("extension", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_wide_colours_become_srgb(extension: str) -> None:
    pixels = load(saved(SKIN, extension, icc_profile=DISPLAY_P3, **FINE[extension])).pixels
    assert np.abs(pixels.astype(int) - P3_SKIN).max() <= 3


def test_a_camera_that_says_adobe_rgb_in_its_notes_alone_is_believed() -> None:
    by_notes = load(saved(SKIN, "JPEG", quality=98, exif=exif(interop="R03"))).pixels.astype(int)
    by_profile = load(saved(SKIN, "JPEG", quality=98, icc_profile=ADOBE_RGB)).pixels
    assert np.abs(by_notes - by_profile).max() == 0
    assert by_notes[0, 0, 0] > 210
    assert load(saved(SKIN, "PNG", exif=exif(interop="R98"))).pixels[0, 0].tolist() == [200, 150, 120]


def test_grey_stays_grey_under_wide_colours() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    assert np.abs(load(saved(ramp, "PNG", icc_profile=DISPLAY_P3)).pixels.astype(int) - ramp).max() <= 1


@pytest.mark.parametrize(
    "profile", [b"no profile", ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), DISPLAY_P3[:200]]
)
def test_srgb_and_damaged_profiles_change_nothing(profile: bytes) -> None:
    assert np.array_equal(load(saved(GRADIENT, "PNG", icc_profile=profile)).pixels, GRADIENT)


@pytest.mark.parametrize("extension", ["PNG", "TIFF"])
def test_grey_of_16_bits_keeps_them(extension: str) -> None:
    grey = (np.arange(32 * 48, dtype=np.uint16) * 40).reshape(32, 48)
    pixels = load(saved(grey, extension)).pixels
    assert pixels.dtype == np.uint16
    assert np.array_equal(pixels, np.repeat(grey[:, :, None], 3, axis=2))


def test_grey_of_12_bits_takes_up_the_whole_range() -> None:
    pixels = load(grey_tiff()).pixels
    assert pixels[:, :, 0].tolist() == [[0x8000, 0xFFF0]]


def test_colours_of_16_bits_become_8() -> None:
    row = b"\0" + struct.pack(">6H", 0, 0x8000, 0xFFFF, 0x1234, 0x5678, 0x9ABC)
    content = png_of(2, 3, depth=16, rows=row * 3)
    assert load(content).pixels[0].tolist() == [[0, 0x80, 0xFF], [0x12, 0x56, 0x9A]]


def test_grey_palette_and_one_bit_become_three_colours() -> None:
    ramp = np.tile(np.arange(0, 192, 4, dtype=np.uint8), (32, 1))
    assert np.array_equal(load(saved(ramp, "PNG")).pixels, np.repeat(ramp[:, :, None], 3, axis=2))
    assert np.abs(load(saved(GRADIENT, "PNG", mode="P")).pixels.astype(int) - GRADIENT).mean() < 30
    assert set(np.unique(load(saved(ramp, "TIFF", mode="1")).pixels)) <= {0, 255}


@pytest.mark.parametrize("extension", ["JPEG", "TIFF"])
def test_colours_of_print_become_those_of_a_screen(extension: str) -> None:
    pixels = load(saved(SKIN, extension, mode="CMYK")).pixels
    assert pixels.shape == SKIN.shape
    assert np.abs(pixels.astype(int) - SKIN).max() <= 4


def test_colours_of_lab_become_those_of_a_screen() -> None:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    image = ImageCms.profileToProfile(Image.fromarray(SKIN), srgb, lab, outputMode="LAB")
    assert image is not None
    stream = io.BytesIO()
    image.save(stream, "TIFF")
    assert np.abs(load(stream.getvalue()).pixels.astype(int) - SKIN).max() <= 4


@pytest.mark.parametrize("extension", ["PNG", "WEBP", "TIFF"])
def test_transparent_parts_are_black_and_all_others_as_they_were(extension: str) -> None:
    seen = np.dstack([SKIN, np.full(SKIN.shape[:2], 255, np.uint8)])
    seen[:, :4, 3], seen[:, 4:8, 3] = 0, 200
    pixels = load(saved(seen, extension, **FINE[extension])).pixels
    assert pixels[:, :4].max() == 0
    assert np.abs(pixels[:, 4:].astype(int) - (200, 150, 120)).max() <= 1


def test_one_transparent_colour_of_a_palette_is_black() -> None:
    image = Image.fromarray(SKIN).quantize(4)
    stream = io.BytesIO()
    image.save(stream, "PNG", transparency=image.getpixel((0, 0)))
    assert load(stream.getvalue()).pixels.max() == 0


@pytest.mark.parametrize("extension", ["TIFF", "PNG", "WEBP"])
def test_of_several_pictures_the_first_counts(extension: str) -> None:
    stream = io.BytesIO()
    others = [Image.fromarray(SKIN // 2), Image.fromarray(SKIN // 4)]
    Image.fromarray(SKIN).save(stream, extension, save_all=True, append_images=others, **FINE[extension])
    assert np.array_equal(load(stream.getvalue()).pixels, SKIN)


def test_a_photo_of_one_pixel_is_read() -> None:
    assert load(saved(SKIN[:1, :1], "PNG")).pixels.shape == (1, 1, 3)


def test_the_name_of_a_file_does_not_tell_its_format(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes((DATA / "gradient.heic").read_bytes())
    assert load(tmp_path / "photo.jpg").pixels.shape == (32, 48, 3)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (bytes, "is empty"),
    "text": (lambda: b"these are no pixels, only words", "save it as JPEG, PNG, WebP, TIFF or HEIC"),
    "two bytes": (lambda: b"\xff\xd8", "save it as"),
    "gif": (lambda: saved(SKIN, "GIF"), "is in the format GIF; save it as"),
    "bmp": (lambda: saved(SKIN, "BMP"), "is in the format BMP; save it as"),
    "avif": (lambda: b"\0\0\0\x1cftypavif" + bytes(40), "is in the format AVIF; save it as"),
    "pdf": (lambda: b"%PDF-1.7 " + bytes(40), "is in the format PDF; save it as"),
    "raw with its own beginning": (lambda: b"II*\0\x10\0\0\0CR\2\0" + bytes(40), "develop it to JPEG"),
    "raw in a TIFF": (lambda: grey_tiff(t254=(4, 1)), "develop it to JPEG"),
    "DNG": (lambda: grey_tiff(t50706=(4, 0x0401)), "develop it to JPEG"),
    "tiles larger than memory": (lambda: grey_tiff(t322=(4, 1 << 20), t323=(4, 1 << 20)), "is damaged"),
    "32 bits": (lambda: saved(np.ones((4, 4), np.float32), "TIFF"), "32 bits a pixel"),
    "200 MP JPEG": (lambda: jpeg_of(20_000, 10_000), "has 20,000 x 10,000 pixels, and up to 64,000,000"),
    "200 MP PNG": (lambda: png_of(20_000, 10_000), "cut out the skin that matters"),
    "PNG of 10 ** 18 pixels": (lambda: png_of(2**30, 2**30), "cut out the skin that matters"),
    "200 MP TIFF": (lambda: grey_tiff(t256=(4, 20_000), t257=(4, 10_000)), "has 20,000 x 10,000 pixels"),
    "200 MP HEIC": (heic_of_200_megapixels, "has 20,000 x 10,000 pixels"),
    "no width": (lambda: png_of(0, 10), "is damaged"),
    "fewer pixels than it says": (lambda: png_of(300, 200), "is damaged"),
    "PNG cut off": (lambda: png_of(300, 200)[:50], "is damaged"),
    "JPEG cut off": (lambda: saved(GRADIENT, "JPEG")[:700], "is damaged"),
    "WebP cut off": (lambda: saved(GRADIENT, "WEBP")[:100], "is damaged"),
    "TIFF cut off": (lambda: saved(GRADIENT, "TIFF")[:900], "is damaged"),
    "HEIC cut off": (lambda: (DATA / "gradient.heic").read_bytes()[:500], "is damaged"),
    "high dynamic range": ((DATA / "high_range.heic").read_bytes, "high dynamic range; turn HDR off"),
    "JPEG of nothing": (lambda: b"\xff\xd8\xff" + bytes(300), "is damaged"),
    "HEIC of nothing": (lambda: b"\0\0\0\x18ftypheic" + bytes(300), "is damaged"),
}


@pytest.mark.parametrize(("made", "said"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_by_name_with_what_to_do(
    made: Callable[[], bytes], said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cheek.jpg"
    path.write_bytes(made())
    with pytest.raises(InputError) as refused:
        load(path)
    (problem,) = refused.value.problems
    assert problem.where == str(path)
    assert said in problem.message
    with pytest.raises(InputError, match=r"^upload\.jpg: "):
        load(made(), name="upload.jpg")
    assert capfd.readouterr() == ("", "")


def test_a_missing_file_a_folder_and_an_impossible_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be opened: No such file"):
        load(tmp_path / "missing.jpg")
    with pytest.raises(InputError, match="is a folder or a device"):
        load(tmp_path)
    with pytest.raises(InputError, match="can't be opened"):
        load(Path("a\0b.jpg"))


def test_a_file_larger_than_any_photo_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "film.jpg").open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)
    with pytest.raises(InputError, match="is larger than 400 MB"):
        load(tmp_path / "film.jpg")


def test_threads_do_not_disturb_each_other_or_anyone_else() -> None:
    limit, filters, known = Image.MAX_IMAGE_PIXELS, list(warnings.filters), dict(Image.OPEN)
    contents = [saved(np.roll(GRADIENT, turn, axis=1), "PNG", icc_profile=DISPLAY_P3) for turn in range(6)]
    contents += [(DATA / "gradient.heic").read_bytes(), saved(GRADIENT, "JPEG", exif=exif(orientation=6))]
    alone = [load(content).pixels for content in contents]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda content: load(content).pixels, contents * 5))
    assert all(np.array_equal(one, alone[n % len(alone)]) for n, one in enumerate(together))
    assert (limit, filters, known) == (Image.MAX_IMAGE_PIXELS, list(warnings.filters), dict(Image.OPEN))


def test_filters_of_warnings_are_put_back_even_where_one_file_opens_while_another_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    second_is_open = threading.Event()

    def first() -> None:
        second_is_open.wait(0.3)

    def second() -> None:
        second_is_open.set()
        time.sleep(0.05)

    turns = iter((first, second))

    class Slow(PngImageFile):
        def __init__(self, stream: io.BytesIO) -> None:
            turn = next(turns)
            super().__init__(stream)
            turn()

    monkeypatch.setitem(PLUGINS, "PNG", Slow)
    filters = list(warnings.filters)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(load, [saved(SKIN, "PNG")] * 2))
    assert list(warnings.filters) == filters
