"""Asking a question: it is kept once, the clinic hears of it, and nothing typed is lost."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client as Browser
from tests.web.public import NOW, open_clinic, said

from pellucid.web.accounts import post
from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.jobs.schedule import SCHEDULE
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions import enquiries
from pellucid.web.records.background import forget_enquiries
from pellucid.web.records.models import Enquiry
from pellucid.web.sites import clock
from pellucid.web.sites.models import Clinic, Location

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def opened(clinic: Clinic, north: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    open_clinic(clinic, north)


def ask(client: Browser, prefix: str = "", **changes: str) -> HttpResponse:
    typed = {
        "name": "Nora Example",
        "contact": "Nora@Example.com",
        "text": "Do you do extractions?",
        "website": "",
        "key": str(uuid.uuid4()),
    }
    return client.post(f"{prefix}/ask/", {**typed, **changes})  # type: ignore[return-value] # the test client's own kind


def test_a_question_is_kept_and_told_to_the_clinic(client: Browser) -> None:
    response = ask(client)
    assert response["Location"] == "/ask/thanks/"
    kept = Enquiry.objects.get()
    assert (kept.name, kept.contact, kept.text) == ("Nora Example", "nora@example.com", "Do you do extractions?")
    assert (kept.language, kept.asked_at) == ("en", NOW)
    message = Message.objects.get(kind="enquiry")
    assert message.to == "hello@clinic.example"
    assert "nora@example.com" in message.body
    assert "Do you do extractions?" in message.body
    assert "Nora" not in str(Event.objects.get(action="enquiry.asked").__dict__)


def test_the_thanks_say_when_an_answer_comes(client: Browser, clinic: Clinic) -> None:
    clinic.answers_within = 3
    clinic.save()
    assert "We answer within 3 working days." in said(client.get("/ask/thanks/").content.decode())


def test_the_language_of_the_page_is_kept(client: Browser) -> None:
    ask(client, prefix="/zh-hant")
    assert Enquiry.objects.get().language == "zh-hant"


def test_a_question_goes_to_the_clinic_as_it_was_typed(client: Browser) -> None:
    ask(client, text="Is <5 % acid & water fine?", name="O'Nora")
    body = Message.objects.get(kind="enquiry").body
    assert "Is <5 % acid & water fine?" in body
    assert "O'Nora" in body


def test_the_same_form_sent_twice_is_one_question(client: Browser) -> None:
    key = str(uuid.uuid4())
    assert ask(client, key=key)["Location"] == ask(client, key=key)["Location"]
    assert Enquiry.objects.count() == Message.objects.filter(kind="enquiry").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Please fill this in."),
        ("contact", "", "Please fill this in."),
        ("contact", "nobody", "Please write an e-mail address"),
        ("contact", "nora@", "Please write an e-mail address"),
        ("contact", "12", "Please write an e-mail address"),
        ("text", "  ", "Please fill this in."),
        ("text", "a" * 4001, "no more than 4000 characters"),
        ("text", "a\x00b", "it holds a character that can"),
        ("name", "a" * 121, "no more than 120 characters"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    client: Browser, field: str, value: str, message: str
) -> None:
    response = ask(client, **{field: value})
    html = response.content.decode()
    assert response.status_code == 422
    assert message in said(html)
    assert any(message in error for error in response.context["form"].errors[field])  # type: ignore[attr-defined]
    assert Enquiry.objects.count() == 0
    others = {"name": "Nora Example", "contact": "Nora@Example.com", "text": "Do you do extractions?"}
    assert all(typed in html for name, typed in others.items() if name != field)


@pytest.mark.parametrize(("typed", "kept"), [("0912 345 678", "+886912345678"), ("+43 660 1234567", "+436601234567")])
def test_a_phone_number_will_do(client: Browser, typed: str, kept: str) -> None:
    ask(client, contact=typed)
    assert Enquiry.objects.get().contact == kept


def test_a_program_that_fills_in_every_field_is_thanked_and_not_kept(client: Browser) -> None:
    assert ask(client, website="https://spam.example")["Location"] == "/ask/thanks/"
    assert Enquiry.objects.count() == Message.objects.count() == 0


def test_a_missing_key_is_not_a_crash(client: Browser) -> None:
    assert ask(client, key="nonsense").status_code == 422


def test_one_address_asks_only_so_often(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(enquiries.AT_MOST):
        assert ask(client).status_code == 302
    refused = ask(client, text="Once more?")
    assert "a lot of questions" in said(refused.content.decode())
    assert "Once more?" in refused.content.decode()
    assert Enquiry.objects.count() == enquiries.AT_MOST
    monkeypatch.setattr(clock, "now", lambda: NOW + enquiries.WITHIN)
    assert ask(client).status_code == 302


def test_one_network_address_asks_only_so_often(client: Browser) -> None:
    answers = [ask(client, contact=f"n{number}@example.com").status_code for number in range(11)]
    assert answers == [302] * 10 + [422]


def test_without_an_address_of_the_clinic_the_question_is_kept_all_the_same(client: Browser, clinic: Clinic) -> None:
    clinic.email = ""
    clinic.save()
    ask(client)
    assert Enquiry.objects.count() == 1
    assert Message.objects.count() == 0


def test_a_fault_while_telling_the_clinic_keeps_nothing(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(post, "send", broken)
    with pytest.raises(RuntimeError):
        ask(client)
    assert Enquiry.objects.count() == Event.objects.filter(action="enquiry.asked").count() == 0


def test_the_first_who_answers_is_kept(client: Browser, olga: User, frida: User) -> None:
    ask(client)
    asked = Enquiry.objects.get()
    enquiries.mark_answered(enquiry=asked, by=frida, now=NOW)
    enquiries.mark_answered(enquiry=asked, by=olga, now=NOW + timedelta(hours=1))
    asked.refresh_from_db()
    assert (asked.answered_by, asked.answered_at) == (frida.ref, NOW)
    assert Event.objects.filter(action="enquiry.answered").count() == 1


def test_answered_questions_are_forgotten_after_half_a_year(client: Browser, frida: User) -> None:
    ask(client)
    ask(client)
    enquiries.mark_answered(enquiry=Enquiry.objects.all()[0], by=frida, now=NOW)
    answered = Enquiry.objects.all()[0]
    assert enquiries.forget_answered(now=NOW + enquiries.KEPT) == 0
    assert enquiries.forget_answered(now=NOW + enquiries.KEPT + timedelta(seconds=1)) == 1
    assert Enquiry.objects.get().answered_at is None
    mails = Message.objects.filter(kind="enquiry")
    assert mails.count() == 1
    assert not mails.filter(key__endswith=str(answered.pk)).exists()


def test_forgetting_is_on_the_schedule() -> None:
    assert SCHEDULE["forget_enquiries"].kind is forget_enquiries
