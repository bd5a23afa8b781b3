"""Signing in by a code: for whom, where to, and what nobody finds out by trying."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from tests.web.cast import make_client, make_user, signed_in

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.sites.models import Location

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def ask(browser: Browser, address: str, **more: str) -> Any:
    return browser.post("/account/sign-in/", {"login": address, **more})


def code_for(address: str) -> str:
    found = re.search(r"\d{6}", Message.objects.filter(to=address, kind="code").latest("created_at").body)
    assert found is not None
    return found.group()


def enter(browser: Browser, code: str, **more: str) -> Any:
    return browser.post("/account/sign-in/code/", {"code": code, **more})


def test_a_client_signs_in_by_a_code_and_comes_to_their_page(client: Browser, alice: User) -> None:
    assert ask(client, "Alice@Example.com ")["Location"] == "/account/sign-in/code/"
    assert enter(client, code_for("alice@example.com"))["Location"] == "/me/"
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_by_phone_the_code_comes_as_a_text(client: Browser, north: Location) -> None:
    carla = make_client("Carla", north)
    User.objects.filter(pk=carla.pk).update(phone="+886912345678", email=None)
    ask(client, "0912-345-678")
    assert Message.objects.get().channel == "text"
    enter(client, code_for("+886912345678"))
    assert client.session["_auth_user_id"] == str(carla.pk)


def test_without_texts_a_phone_is_kindly_declined(client: Browser, north: Location, monkeypatch: Any) -> None:
    monkeypatch.setattr("pellucid.web.accounts.forms.can_text", lambda: False)
    assert "text codes here yet" in ask(client, "0912-345-678").content.decode()


@pytest.mark.parametrize("typed", ["alice", "alice@", "12", "@", ""])
def test_what_is_no_address_is_told_at_the_field(client: Browser, alice: User, typed: str) -> None:
    answer = ask(client, typed)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["login"]


def test_an_unknown_address_sees_the_same_page_and_gets_a_friendly_mail(client: Browser, alice: User) -> None:
    known, unknown = Browser(), Browser()
    ask(known, "alice@example.com")
    ask(unknown, "nobody@example.com")
    pages = [browser.get("/account/sign-in/code/").content.decode() for browser in (known, unknown)]
    first, second = (re.sub(r'(?<=token" value=")\w+', "", page) for page in pages)
    assert first.replace("alice@", "") == second.replace("nobody@", "")
    mail = Message.objects.get(to="nobody@example.com")
    assert mail.kind == "no_account"
    assert "/register/" in mail.body
    assert not re.search(r"\d{6}", mail.body)
    assert "match" in enter(unknown, "123456").content.decode()


def test_a_wrong_code_five_times_ends_it(client: Browser, alice: User) -> None:
    ask(client, "alice@example.com")
    code = code_for("alice@example.com")
    answers = [enter(client, f"{(int(code) + 1) % 1_000_000:06}").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 302]
    assert enter(client, code)["Location"].startswith("/account/sign-in/")
    assert "_auth_user_id" not in client.session


def test_many_tries_at_once_meet_a_limit_of_their_own(client: Browser, alice: User) -> None:
    ask(client, "alice@example.com")
    kept = client.session["account_login"]
    for _ in range(11):
        session = client.session
        session["account_login"] = kept
        session.save()
        enter(client, "000000")
    session = client.session
    session["account_login"] = kept
    session.save()
    enter(client, code_for("alice@example.com"))
    assert "_auth_user_id" not in client.session


def test_codes_can_not_be_asked_for_without_end(client: Browser, alice: User) -> None:
    pages = [ask(Browser(), "alice@example.com").content.decode() for _ in range(4)]
    assert "too often" in pages[-1]
    assert Message.objects.count() == 3


def test_one_comes_back_to_where_one_wanted_to_go(client: Browser, alice: User) -> None:
    away = client.get("/me/consents/")
    assert away["Location"] == "/account/sign-in/?next=%2Fme%2Fconsents%2F"
    page = client.get(away["Location"]).content.decode()
    assert 'name="next" value="/me/consents/"' in page
    sent = ask(client, "alice@example.com", next="/me/consents/")
    assert enter(client, code_for("alice@example.com"), next="/me/consents/")["Location"] == "/me/consents/"
    assert "next=" in sent["Location"]


def test_an_answer_sent_after_the_session_ended_is_said_to_be_lost_and_one_comes_back_to_its_question(
    client: Browser, alice: User
) -> None:
    question = "/me/consultation/question/skin.feel_midday/?back=check"
    away = client.post(
        question.partition("?")[0], {"do": "answer"}, headers={"referer": f"http://testserver{question}"}
    )
    page = client.get(away["Location"]).content.decode()
    assert "what you sent just now was not saved" in page
    assert f'name="next" value="{question}"' in page
    ask(client, "alice@example.com", next=question)
    assert enter(client, code_for("alice@example.com"), next=question)["Location"] == question


@pytest.mark.parametrize("told", [{}, {"referer": "https://evil.example/me/"}, {"referer": "//evil.example"}])
def test_without_a_page_of_ours_to_come_back_to_one_is_led_to_sign_in_alone(
    client: Browser, clinic: object, told: dict[str, str]
) -> None:
    assert client.post("/me/consultation/submit/", headers=told)["Location"] == "/account/sign-in/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(client: Browser, alice: User, elsewhere: str) -> None:
    ask(client, "alice@example.com", next=elsewhere)
    assert enter(client, code_for("alice@example.com"), next=elsewhere)["Location"] == "/me/"


def test_starting_again_forgets_the_address(client: Browser, alice: User) -> None:
    ask(client, "wrong@example.com")
    assert client.get("/account/sign-in/")["Location"] == "/account/sign-in/code/"
    client.post("/account/sign-out/", {"next": "/account/sign-in/"})
    assert client.get("/account/sign-in/").status_code == 200


def test_somebody_at_rest_gets_in_nowhere(client: Browser, alice: User) -> None:
    browser = signed_in(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert browser.get("/me/")["Location"].startswith("/account/sign-in/")
    ask(client, "alice@example.com")
    assert Message.objects.get().kind == "no_account"


def test_signing_out_everywhere_ends_every_session(alice: User) -> None:
    phone, tablet = signed_in(alice), signed_in(alice)
    assert phone.get("/account/sign-out-everywhere/").status_code == 200
    assert tablet.get("/account/").status_code == 200
    phone.post("/account/sign-out-everywhere/")
    for browser in (phone, tablet):
        assert browser.get("/account/")["Location"].startswith("/account/sign-in/")
    assert Event.objects.filter(action="user.signed_out_everywhere", actor=alice.ref).exists()


def test_signing_out_by_a_link_asks_first(alice: User) -> None:
    browser = signed_in(alice)
    assert "Sign out?" in browser.get("/account/sign-out/").content.decode()
    assert browser.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "signup/", "login/", "email/", "confirm-email/", "password/change/", "password/set/", "password/reset/",
        "phone/change/", "phone/verify/", "reauthenticate/", "2fa/", "login/code/",
    ],
)  # fmt: skip
def test_what_is_not_needed_of_allauth_is_not_there(client: Browser, clinic: object, path: str) -> None:
    assert client.get(f"/account/{path}").status_code == 404


def test_users_have_no_password_that_works() -> None:
    assert not make_user("Zoe").has_usable_password()


def test_too_many_requests_from_one_place_see_a_page_of_ours(client: Browser, clinic: object) -> None:
    answers = [ask(client, f"{number}@example.com") for number in range(31)]
    assert answers[-1].status_code == 429
    assert "one minute" in answers[-1].content.decode()
