"""Clients from another system's list: read and checked first, written only when somebody has seen what would happen.

What is wrong is told by codes (``bad_email``); the pages have the words.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.db import transaction

from pellucid.model.errors import PellucidError
from pellucid.web.accounts.addresses import read_email, read_phone
from pellucid.web.accounts.models import Membership
from pellucid.web.audit.record import record
from pellucid.web.records.models import Client
from pellucid.web.sites.models import LANGUAGES, Clinic, Location
from pellucid.web.sites.queries import clinic, locations

MOST_BYTES = 5_000_000
MOST_LINES = 20_000
OLDEST_YEAR = 1900

HEADINGS: Mapping[str, frozenset[str]] = {
    "name": frozenset({"name", "full name", "client", "姓名", "名字", "顧客"}),
    "email": frozenset({"email", "e-mail", "mail", "email address", "電子郵件", "電郵", "信箱"}),
    "phone": frozenset({"phone", "telephone", "mobile", "phone number", "電話", "手機", "行動電話"}),
    "birth_date": frozenset({"birth_date", "birth date", "date of birth", "birthday", "生日", "出生日期"}),
    "language": frozenset({"language", "語言"}),
    "location": frozenset({"location", "branch", "地點", "分店", "據點"}),
}
"""Column to what its heading may be, in lower case."""

DELIMITERS = (",", ";", "\t")

SPOKEN = {
    **{code: code for code, _ in LANGUAGES},
    "english": "en",
    "zh": "zh-hant",
    "chinese": "zh-hant",
    "中文": "zh-hant",
    "繁體中文": "zh-hant",
}
"""What may stand in the language column, in lower case, to the language."""

LONGEST_NAME, LONGEST_EMAIL = 120, 254
"""As the table of clients holds them."""

Outcome = Literal["new", "there", "twice", "wrong"]


class UnreadableError(PellucidError):
    """The file as a whole can't be used; ``code`` says why: ``encoding``, ``empty``, ``large``, ``columns``, ..."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file and what would become of it."""

    line: int
    """As an editor counts, the headings' line being 1."""
    given: Mapping[str, str]
    """Column to what stands there."""
    faults: tuple[tuple[str, str], ...]
    """Column and code of what is wrong."""
    outcome: Outcome
    email: str = ""
    phone: str = ""
    birth_date: date | None = None
    language: str = "en"
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file, checked."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...] = ()
    """Headings that mean nothing here."""

    def of(self, outcome: Outcome) -> list[Row]:
        """The lines with one outcome."""
        return [row for row in self.rows if row.outcome == outcome]


@dataclass(slots=True)
class _Sieve:
    """What a line is held against: whom the clinic has, whom the file has had so far, and what stands in for a gap."""

    there: frozenset[str]
    """Addresses and numbers of the clinic's clients."""
    places: Mapping[str, Location]
    """By address part and by name, in lower case."""
    location: Location
    language: str
    region: str
    today: date
    seen: set[str] = field(default_factory=set)


def decode(raw: bytes) -> str:
    """The file's text: UTF-8, or UTF-16 where its first bytes say so.

    Raises:
        UnreadableError: it is empty, too large or in another encoding.
    """
    if len(raw) > MOST_BYTES:
        raise UnreadableError("large")
    encoding = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableError("encoding") from None
    if "\0" in text:
        raise UnreadableError("encoding")
    if not text.strip():
        raise UnreadableError("empty")
    return text


def check(text: str, *, location: Location, language: str, today: date) -> Sheet:
    """Say what would become of each line; nothing is written.

    Args:
        text: the file's, with a line of headings; separated by commas, semicolons or tabs.
        location: of clients whose line names none.
        language: of clients whose line names none.
        today: the clinic's day; nobody is born after it.

    Raises:
        UnreadableError: there are no headings, none for the name, or too many lines.
    """
    lines = [(number, cells) for number, cells in _lines(text) if any(cell.strip() for cell in cells)]
    columns, ignored = _columns([cell.strip() for cell in lines[0][1]])
    sieve = _Sieve(
        there=frozenset(_contacts()),
        places={name.casefold(): each for each in locations() for name in (each.slug, each.name)},
        location=location,
        language=language,
        region=clinic().region,
        today=today,
    )
    rows = tuple(_row(number, dict(_cells(columns, cells)), sieve) for number, cells in lines[1:])
    return Sheet(rows, ignored)


def _contacts() -> Iterator[str]:
    """Every address and number by which the clinic knows somebody."""
    for email, phone in Client.objects.values_list("email", "phone"):
        yield from (each for each in (email.lower(), phone) if each)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.strip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise UnreadableError("quotes") from None
        if cells is None:
            return
        if number > MOST_LINES:
            raise UnreadableError("lines")
        number += 1
        yield line, cells


def _columns(headings: Sequence[str]) -> tuple[dict[int, str], tuple[str, ...]]:
    columns: dict[int, str] = {}
    ignored = []
    for place, heading in enumerate(headings):
        name = next((name for name, words in HEADINGS.items() if heading.casefold() in words), None)
        if name is None:
            ignored.append(heading)
        elif name in columns.values():
            raise UnreadableError("column_twice")
        else:
            columns[place] = name
    if "name" not in columns.values() or not {"email", "phone"} & set(columns.values()):
        raise UnreadableError("columns")
    return columns, tuple(each for each in ignored if each)


def _cells(columns: Mapping[int, str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for place, name in columns.items():
        yield name, cells[place].strip() if place < len(cells) else ""


def _row(line: int, given: Mapping[str, str], sieve: _Sieve) -> Row:
    email, phone = read_email(given.get("email", "")), read_phone(given.get("phone", ""), sieve.region)
    born, bad_date = _birth_date(given.get("birth_date", ""), sieve.today)
    place = sieve.places.get(given["location"].casefold()) if given.get("location") else sieve.location
    language = SPOKEN.get(given["language"].casefold()) if given.get("language") else sieve.language
    faults = [
        *_plain_faults(given, email, phone),
        *([("birth_date", bad_date)] if bad_date else []),
        *([("location", "unknown_location")] if place is None else []),
        *([("language", "unknown_language")] if language is None else []),
    ]
    outcome: Outcome = "wrong" if faults else _outcome({email or "", phone or ""} - {""}, sieve)
    return Row(line, given, tuple(faults), outcome, email or "", phone or "", born, language or sieve.language, place)


def _plain_faults(given: Mapping[str, str], email: str | None, phone: str | None) -> Iterator[tuple[str, str]]:
    """What is wrong with name, address and number; the last two as they were understood."""
    name = given["name"]
    if not name:
        yield "name", "missing"
    elif len(name) > LONGEST_NAME:
        yield "name", "long"
    if not given.get("email") and not given.get("phone"):
        yield "email" if "email" in given else "phone", "no_contact"
    if given.get("email") and (email is None or len(email) > LONGEST_EMAIL):
        yield "email", "bad_email"
    if given.get("phone") and phone is None:
        yield "phone", "bad_phone"


def _birth_date(text: str, today: date) -> tuple[date | None, str]:
    """The day, and the code of what is wrong with it; 1990-03-18 and 1990/3/18 are read, nothing is guessed."""
    if not text:
        return None, ""
    parts = text.replace("/", "-").replace(".", "-").split("-")
    try:
        year, month, day = (int(part) for part in parts)
        born = date(year, month, day)
    except ValueError:
        return None, "bad_date"
    if born > today or born.year < OLDEST_YEAR:
        return None, "impossible_date"
    return born, ""


def _outcome(contacts: set[str], sieve: _Sieve) -> Outcome:
    twice = not contacts.isdisjoint(sieve.seen)
    sieve.seen |= contacts
    return "twice" if twice else "new" if contacts.isdisjoint(sieve.there) else "there"


@transaction.atomic
def import_clients(
    *, text: str, location: Location, language: str, today: date, by: Membership, now: datetime
) -> Sheet:
    """Write the clients that are new; they have agreed to nothing, so nothing but what they ask for is sent to them.

    The file is checked again with the clinic locked, so that a second click, or two people with the same file, make
    no client twice.

    Returns:
        What was found now; its ``new`` lines are the ones written.
    """
    Clinic.objects.select_for_update().first()
    sheet = check(text, location=location, language=language, today=today)
    made = [_client(row, now) for row in sheet.of("new")]
    Client.objects.bulk_create(made)
    for client in made:
        record(
            actor=by.user.ref,
            action="client.imported",
            subject=f"client.{client.pk}",
            client=str(client.pk),
            now=now,
        )
    return sheet


def _client(row: Row, now: datetime) -> Client:
    return Client(
        name=row.given["name"],
        email=row.email,
        phone=row.phone,
        birth_date=row.birth_date,
        language=row.language,
        location=row.location,
        registered_at=now,
    )
