"""Reading a text file that a person wrote; shared by everything that takes one."""

from pathlib import Path

from pellucid.model.errors import InputError, Problem


def read_text(path: Path, *, largest: int, too_large: str, kind: str) -> str:
    """The text of a file in UTF-8, with or without a byte-order mark.

    Args:
        path: where it is.
        largest: bytes.
        too_large: what to do about a larger one, such as ``leave out past bookings``.
        kind: what it should be saved as, such as TOML.

    Raises:
        InputError: it is missing, can't be read, is too large or not UTF-8.
    """
    try:
        if path.stat().st_size > largest:
            raise InputError([Problem(str(path), f"is larger than {largest:,} bytes; {too_large}")])
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError([Problem(str(path), f"can't be read: {error.strerror or error}")]) from error
    except UnicodeDecodeError as error:
        raise InputError([Problem(str(path), f"is not text in UTF-8; save it as {kind}")]) from error
