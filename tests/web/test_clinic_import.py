"""Bringing in a list of clients: nothing before it was looked at, nothing twice, every fault at its line and column."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.web.cast import signed_in
from tests.web.staff_pages import NOW, TODAY, at, fields, words

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.imports import UnreadableError, check, decode, import_clients
from pellucid.web.records.models import Client, Consent
from pellucid.web.sites.models import Location

pytestmark = pytest.mark.django_db

GOOD = "name,email,phone,birth_date\nMai Sample,mai@example.com,0912 345 678,1990-03-18\nJun Sample,JUN@example.com,,\n"


def upload(user: User, north: Location, content: bytes) -> Any:
    """Send a file to be looked at."""
    file = SimpleUploadedFile("clients.csv", content)
    data = {"file": file, "location": north.pk, "language": "en"}
    return signed_in(user).post(reverse("clinic:import"), data)


def looked_at(text: str, north: Location) -> Any:
    """What would become of a list."""
    return check(text, location=north, language="en", today=TODAY)


def test_looking_writes_nothing_and_confirming_writes_all(olga: User, north: Location) -> None:
    """Two new clients, with their numbers as they are dialled and no consent to anything."""
    with at(NOW):
        page = upload(olga, north, GOOD.encode())
        assert "2 new" in words(page)
        assert Client.objects.count() == 0
        sent = fields(page)
        answer = signed_in(olga).post(reverse("clinic:import_confirm"), sent)
    assert answer.status_code == 302
    mai = Client.objects.get(name="Mai Sample")
    assert (mai.phone, str(mai.birth_date), mai.location) == ("+886912345678", "1990-03-18", north)
    assert Client.objects.get(name="Jun Sample").email == "jun@example.com"
    assert Consent.objects.count() == Message.objects.count() == 0
    assert Event.objects.filter(action="client.imported", client=str(mai.pk)).count() == 1


def test_confirming_twice_makes_no_client_twice(olga: User, north: Location) -> None:
    """Neither the same page sent again nor the same file chosen again."""
    with at(NOW):
        sent = fields(upload(olga, north, GOOD.encode()))
        browser = signed_in(olga)
        browser.post(reverse("clinic:import_confirm"), sent)
        answer = browser.post(reverse("clinic:import_confirm"), sent, follow=True)
        assert "Everybody in this list is a client already" in words(answer)
        assert "2 already there" in words(upload(olga, north, GOOD.encode()))
    assert Client.objects.count() == 2


def test_a_list_that_is_not_kept_any_more_is_told(olga: User) -> None:
    """A stale page, or another person's."""
    sent = {
        "kept": "long-gone",
        "location": Location.objects.values_list("pk", flat=True).first() or 1,
        "language": "en",
    }
    answer = signed_in(olga).post(reverse("clinic:import_confirm"), sent, follow=True)
    assert "choose the file again" in words(answer)


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",a@example.com,,,,", "name", "missing"),
        (f"{'x' * 121},a@example.com,,,,", "name", "long"),
        ("Ann,,,,,", "email", "no_contact"),
        ("Ann,nobody,,,,", "email", "bad_email"),
        ("Ann,,12,,,", "phone", "bad_phone"),
        ("Ann,a@example.com,,18.3.1990,,", "birth_date", "bad_date"),
        ("Ann,a@example.com,,1990-02-30,,", "birth_date", "bad_date"),
        ("Ann,a@example.com,,2030-01-01,,", "birth_date", "impossible_date"),
        ("Ann,a@example.com,,1890-01-01,,", "birth_date", "impossible_date"),
        ("Ann,a@example.com,,,Klingon,", "language", "unknown_language"),
        ("Ann,a@example.com,,,,Atlantis", "location", "unknown_location"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(line: str, column: str, code: str, north: Location) -> None:
    """And the line is left out, the one after it is not."""
    text = f"name,email,phone,birth_date,language,location\n{line}\nBea,b@example.com,,,,\n"
    sheet = looked_at(text, north)
    (wrong,) = sheet.of("wrong")
    assert (wrong.line, wrong.faults) == (2, ((column, code),))
    assert [row.given["name"] for row in sheet.of("new")] == ["Bea"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        ("name,email\nJos\u00e9,j@example.com".encode("latin-1"), "encoding"),
        ("姓名,電郵\n美,m@example.com".encode("big5"), "encoding"),
        (b"name,email\nA\x00,b@example.com", "encoding"),
        (b"x" * 5_000_001, "large"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused(raw: bytes, code: str) -> None:
    """As a whole, with the reason."""
    with pytest.raises(UnreadableError) as caught:
        decode(raw)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ann,a@example.com\n", "columns"),
        ("name,address\nAnn,Lane 1\n", "columns"),
        ("name,email,e-mail\nAnn,a@example.com,b@example.com\n", "column_twice"),
        ('name,email\n"Ann,a@example.com\n', "quotes"),
        ("name,email\n" + "Ann,a@example.com\n" * 20_001, "lines"),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused(text: str, code: str, north: Location) -> None:
    """As a whole, with the reason."""
    with pytest.raises(UnreadableError) as caught:
        looked_at(text, north)
    assert caught.value.code == code


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_byte_order_marks_are_understood(separator: str, encoding: str, north: Location) -> None:
    """As spreadsheets write them, with Chinese headings too."""
    text = (
        separator.join(("姓名", "電子郵件", "備註"))
        + "\r\n"
        + separator.join(("美 Sample", "m@example.com", "x"))
        + "\r\n"
    )
    sheet = looked_at(decode(text.encode(encoding)), north)
    assert [row.given["name"] for row in sheet.of("new")] == ["美 Sample"]
    assert sheet.ignored == ("備註",)


def test_formulas_stay_text(olga: User, north: Location) -> None:
    """A name that a spreadsheet would run is stored and shown as it was written."""
    name = '=HYPERLINK("http://evil.example","x")'
    text = 'name,email\n"=HYPERLINK(""http://evil.example"",""x"")",f@example.com\n<b>Bold</b>,g@example.com\n'
    page = upload(olga, north, text.encode())
    assert "<b>Bold</b>" not in page.content.decode()
    import_clients(text=text, location=north, language="en", today=TODAY, by=olga.membership, now=NOW)
    assert Client.objects.filter(name=name).exists()


def test_the_same_person_twice_in_a_file_and_one_already_there(alice: User, north: Location) -> None:
    """By address in any spelling, or by number in any spelling."""
    text = (
        "name,email,phone\nAl,ALICE@example.com,\nBea,b@example.com,0912345678\n"
        "Bea Again,,+886 912-345-678\nBea Once More,B@Example.com,\n"
    )
    sheet = looked_at(text, north)
    assert [row.line for row in sheet.of("there")] == [2]
    assert [row.line for row in sheet.of("twice")] == [4, 5]


def test_lines_are_counted_as_an_editor_does(north: Location) -> None:
    """Over empty lines and cells with line breaks."""
    text = 'name,email\n\n"Ann\nMarie",a@example.com\nBea,nobody\n'
    sheet = looked_at(text, north)
    assert [row.line for row in sheet.of("new")] == [3]
    assert [row.line for row in sheet.of("wrong")] == [5]


def test_ten_thousand_lines_are_brought_in_at_once(olga: User, north: Location) -> None:
    """In one transaction."""
    text = "name,email\n" + "".join(f"Client {n},c{n}@example.com\n" for n in range(10_000))
    import_clients(text=text, location=north, language="en", today=TODAY, by=olga.membership, now=NOW)
    assert Client.objects.count() == 10_000


def test_a_fault_on_the_way_writes_nobody(olga: User, north: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither clients nor events."""

    def fail(**told: Any) -> None:
        if Client.objects.exists():
            raise OSError("the disk is full")

    monkeypatch.setattr("pellucid.web.records.actions.imports.record", fail)
    with pytest.raises(OSError, match="disk is full"):
        import_clients(text=GOOD, location=north, language="en", today=TODAY, by=olga.membership, now=NOW)
    assert Client.objects.count() == 0


@pytest.mark.parametrize("who", ["frida", "petra"])
def test_only_the_owner_brings_lists_in(who: str, request: pytest.FixtureRequest, north: Location) -> None:
    """Neither looking nor confirming is open to others."""
    user = request.getfixturevalue(who)
    assert upload(user, north, GOOD.encode()).status_code == 403
    assert signed_in(user).post(reverse("clinic:import_confirm"), {}).status_code == 403
