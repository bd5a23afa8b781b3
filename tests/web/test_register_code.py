"""The code of a registration: what it opens, how often it may be tried, and what is left when it never comes back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from tests.web.cast import THEN
from tests.web.registering import NOW, filled, newest_code, open_clinic

from pellucid.web.accounts.models import User
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions import enrolment
from pellucid.web.records.background import forget_unconfirmed
from pellucid.web.records.models import Client, Consent, Registration
from pellucid.web.sites.models import Location

pytestmark = pytest.mark.django_db
MIA = "mia@example.com"


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr("pellucid.web.sites.clock.now", lambda: moment)

    at(NOW)
    return at


@pytest.fixture
def waiting(client: Browser, north: Location) -> Browser:
    """A browser that shows the page of the code."""
    open_clinic(north)
    client.post("/register/", filled(client, north))
    return client


def told(browser: Browser, code: str) -> str:
    answer = browser.post("/register/code/", {"code": code})
    assert answer.status_code == 200
    return str(answer.context["form"].errors["code"][0])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_code_is_kept_only_as_a_keyed_hash(waiting: Browser) -> None:
    code = newest_code(MIA)
    kept = Registration.objects.get()
    assert code not in f"{kept.code_hash} {kept.facts} {kept.key}"


def test_spaces_in_the_code_do_not_matter(waiting: Browser) -> None:
    code = newest_code(MIA)
    assert waiting.post("/register/code/", {"code": f" {code[:3]} {code[3:]} "})["Location"] == "/me/"


def test_a_wrong_code_registers_nobody(waiting: Browser) -> None:
    assert "doesn't match" in told(waiting, wrong(newest_code(MIA)))
    assert not User.objects.exists()


def test_after_five_wrong_ones_the_right_one_does_not_work_either(waiting: Browser) -> None:
    code = newest_code(MIA)
    for _ in range(5):
        told(waiting, wrong(code))
    assert "too often" in told(waiting, code)
    assert not User.objects.exists()


def test_a_code_runs_out(waiting: Browser, at: Callable[[datetime], None]) -> None:
    at(NOW + timedelta(minutes=11))
    assert "run out" in told(waiting, newest_code(MIA))


def test_a_new_code_works_and_the_old_one_does_not(waiting: Browser, at: Callable[[datetime], None]) -> None:
    old = newest_code(MIA)
    at(NOW + timedelta(minutes=20))
    waiting.post("/register/code/again/")
    new = newest_code(MIA)
    assert new == old or "doesn't match" in told(waiting, old)
    assert waiting.post("/register/code/", {"code": new})["Location"] == "/me/"


def test_asking_for_codes_again_and_again_sends_three_at_most(waiting: Browser, at: Callable[[datetime], None]) -> None:
    answers = []
    for minute in range(1, 4):
        at(NOW + timedelta(minutes=minute))
        answers.append(waiting.post("/register/code/again/").status_code)
    assert answers == [302, 302, 429]
    assert Message.objects.filter(to=MIA).count() == 3


def test_asking_twice_in_a_row_sends_once(waiting: Browser) -> None:
    waiting.post("/register/code/again/")
    assert Message.objects.filter(to=MIA).count() == 1


def test_sending_the_code_twice_is_harmless(waiting: Browser) -> None:
    code = newest_code(MIA)
    before = waiting.cookies["sessionid"].value
    waiting.post("/register/code/", {"code": code})
    late = Browser()
    late.cookies["sessionid"] = before
    assert late.post("/register/code/", {"code": code})["Location"] == "/me/"
    assert Client.objects.count() == User.objects.count() == 1
    assert Message.objects.filter(kind="welcome").count() == 1


def test_the_session_gets_a_new_key_with_signing_in(waiting: Browser) -> None:
    before = waiting.cookies["sessionid"].value
    waiting.post("/register/code/", {"code": newest_code(MIA)})
    assert waiting.cookies["sessionid"].value != before


def test_two_open_registrations_of_one_address_are_one_client(north: Location) -> None:
    open_clinic(north)
    phone, tablet = Browser(), Browser()
    phone.post("/register/", filled(phone, north))
    first = newest_code(MIA)
    tablet.post("/register/", filled(tablet, north, wanted="led"))
    second = next(each for each in _codes() if each != first)
    phone.post("/register/code/", {"code": first})
    tablet.post("/register/code/", {"code": second})
    assert User.objects.count() == Client.objects.count() == 1
    assert Client.objects.get().wanted == "led"
    assert Consent.objects.filter(withdrawn_at=None).count() == 2


def _codes() -> list[str]:
    return [message.subject.split()[0] for message in Message.objects.filter(kind="code")]


def test_a_server_that_dies_on_the_way_leaves_nothing_half_written(
    waiting: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = newest_code(MIA)

    def dies(**_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(enrolment, "give", dies)
        with pytest.raises(SystemExit):
            waiting.post("/register/code/", {"code": code})
    assert not User.objects.exists()
    assert not Client.objects.exists()
    assert not Message.objects.filter(kind="welcome").exists()
    assert waiting.post("/register/code/", {"code": code})["Location"] == "/me/"
    assert Consent.objects.count() == 2


def test_somebody_whom_the_clinic_brought_along_gets_their_own_record(waiting: Browser, north: Location) -> None:
    mine = Client.objects.create(name="mia example", email="Mia@example.com", location=north, registered_at=THEN)
    waiting.post("/register/code/", {"code": newest_code(MIA)})
    assert Client.objects.get().pk == mine.pk
    assert Client.objects.get().user == User.objects.get()


def test_a_shared_address_does_not_open_somebody_elses_record(waiting: Browser, north: Location) -> None:
    mother = Client.objects.create(name="Ruth Example", email=MIA, location=north, registered_at=THEN)
    waiting.post("/register/code/", {"code": newest_code(MIA)})
    assert Client.objects.get(user__email=MIA).pk != mother.pk


def test_registrations_that_nobody_confirmed_are_forgotten(waiting: Browser) -> None:
    forget_unconfirmed.do(now=NOW + timedelta(hours=23))
    assert Registration.objects.exists()
    forget_unconfirmed.do(now=NOW + timedelta(hours=25))
    assert not Registration.objects.exists()
    assert waiting.post("/register/code/again/")["Location"] == "/register/"


def test_what_was_typed_is_emptied_once_it_is_in_the_records(waiting: Browser) -> None:
    waiting.post("/register/code/", {"code": newest_code(MIA)})
    assert Registration.objects.get().facts == {}


def test_the_page_of_the_code_without_a_registration_leads_back(client: Browser) -> None:
    assert client.get("/register/code/")["Location"] == "/register/"
