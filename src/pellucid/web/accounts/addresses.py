"""E-mail addresses and phone numbers as people type them."""

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

COUNTRY_CODES = {"us": "1", "us_ca": "1", "england": "44", "uk": "44", "hk": "852", "tw": "886"}
"""The clinic's region, where it is one country, to what numbers there begin with (ITU-T E.164)."""
WITHOUT_TRUNK_ZERO = frozenset({"us", "us_ca", "hk"})
"""Regions whose local numbers begin with no zero that falls away abroad."""
E164 = re.compile(r"\+[1-9]\d{6,14}")
PUNCTUATION = re.compile(r"[\s().\-/]")


def plain(typed: str) -> str:
    """Full-width letters and digits, as Chinese keyboards give them, as ordinary ones."""
    return unicodedata.normalize("NFKC", typed)


def read_email(typed: str) -> str | None:
    """The address in small letters, or None where it is none."""
    found = plain(typed).strip().lower()
    try:
        validate_email(found)
    except ValidationError:
        return None
    return found


def read_phone(typed: str, region: str) -> str | None:
    """The number as ``+`` and digits (E.164), or None where it is none.

    A local number gets the country code of the clinic's region; where that is more than one country it is not a
    number yet.
    """
    digits = PUNCTUATION.sub("", plain(typed))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    code = COUNTRY_CODES.get(region)
    if not digits.startswith("+") and code:
        local = digits if region in WITHOUT_TRUNK_ZERO else digits.removeprefix("0")
        digits = f"+{code}{local}"
    return digits if E164.fullmatch(digits) else None


def can_text() -> bool:
    """Whether text messages can be sent from here; a demo prints them."""
    return bool(settings.ENVIRONMENT.text_command or settings.DEMO)
