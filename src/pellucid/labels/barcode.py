"""The number under a product's barcode, read from a photo. It is only printed: no list of products is asked."""

from pathlib import Path
from typing import NamedTuple

from pellucid.labels.photo import open_photo
from pellucid.model.errors import InputError, Problem


class Barcode(NamedTuple):
    """One barcode of a shop product."""

    number: str
    """Digits as read, with the check digit."""
    format: str
    """``EAN-13``, ``EAN-8``, ``UPC-A`` or ``UPC-E``."""
    check_digit_right: bool


def read_barcodes(path: Path) -> tuple[Barcode, ...]:
    """Every barcode of a shop product in a photo, each number once.

    Raises:
        InputError: the photo can't be opened, or holds none that can be read.
    """
    import zxingcpp  # noqa: PLC0415 - only a photo needs it

    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.EANUPC])
    found = zxingcpp.read_barcodes(open_photo(path), formats=formats)
    codes = {code.text: Barcode(code.text, str(code.format), check_digit_right(code.text)) for code in found}
    if not codes:
        raise InputError(
            [Problem(str(path), "shows no barcode that can be read; hold the camera straight, near and in good light")]
        )
    return tuple(codes[number] for number in sorted(codes))


def check_digit_right(number: str) -> bool:
    """Whether the last digit is the one that the others ask for (GS1: from the right, weights 3 and 1 in turn)."""
    if not (number.isascii() and number.isdigit() and len(number) > 1):
        return False
    *others, last = (int(digit) for digit in number)
    total = sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(others)))
    return (10 - total % 10) % 10 == last
