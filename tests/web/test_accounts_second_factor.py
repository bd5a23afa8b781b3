"""The second factor: staff can't do without, everybody else may have one."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client as Browser
from tests.web.cast import make_user, signed_in

from pellucid.web.accounts.models import Membership, Role, User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.sites import clock
from pellucid.web.sites.models import Clinic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def nina(clinic: Clinic) -> User:
    """New on the staff, without a second factor."""
    user = make_user("Nina")
    Membership.objects.create(user=user, role=Role.FRONT_DESK)
    return user


def app_code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def passkey_of(user: User) -> Authenticator:
    made: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "phone", "credential": {}}
    )
    return made


def first_step(browser: Browser, address: str) -> str:
    browser.post("/account/sign-in/", {"login": address})
    found = re.search(r"\d{6}", Message.objects.filter(to=address).latest("created_at").body)
    assert found is not None
    return str(browser.post("/account/sign-in/code/", {"code": found.group()})["Location"])


def test_staff_without_one_are_led_to_set_one_up_before_any_staff_page(client: Browser, nina: User) -> None:
    assert first_step(client, "nina@example.com") == "/clinic/"
    assert client.get("/clinic/")["Location"] == "/account/second-factor/needed/?next=%2Fclinic%2F"
    assert "One more lock" in client.get("/account/second-factor/needed/").content.decode()


def test_setting_up_an_app_opens_the_clinic_and_gives_recovery_codes(
    client: Browser, nina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.transaction.on_commit", lambda do, **_: do())  # as outside a test's transaction
    first_step(client, "nina@example.com")
    page = client.get("/account/second-factor/app/add/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    wrong = client.post("/account/second-factor/app/add/", {"code": "000000"})
    assert "code" in wrong.context["form"].errors
    done = client.post("/account/second-factor/app/add/", {"code": app_code(secret)})
    assert done["Location"] == "/account/second-factor/codes/"
    shown = client.get("/account/second-factor/codes/")
    assert shown.status_code == 200, shown.get("Location")
    codes = shown.context["unused_codes"]
    assert len(codes) == 10
    assert client.get("/clinic/").status_code == 200
    assert Event.objects.filter(action="second_factor.added", actor=nina.ref).count() == 2


def test_the_first_one_ends_the_sessions_that_began_without(
    client: Browser, nina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.transaction.on_commit", lambda do, **_: do())  # as above
    elsewhere = signed_in(nina)
    assert elsewhere.get("/account/").status_code == 200
    first_step(client, "nina@example.com")
    secret = client.get("/account/second-factor/app/add/").context["form"].secret
    client.post("/account/second-factor/app/add/", {"code": app_code(secret)})
    assert client.get("/clinic/").status_code == 200
    assert elsewhere.get("/clinic/")["Location"].startswith("/account/sign-in/")


def test_afterwards_a_code_alone_does_not_sign_in(client: Browser, petra: User) -> None:
    assert petra.email is not None
    assert first_step(client, petra.email) == "/account/sign-in/second-factor/"
    assert client.get("/clinic/")["Location"].startswith("/account/sign-in/")
    answer = client.post("/account/sign-in/second-factor/", {"code": "123456"})
    assert "every half minute" in answer.content.decode()
    secret = Authenticator.objects.get(user=petra).data["secret"]
    assert client.post("/account/sign-in/second-factor/", {"code": app_code(secret)})["Location"] == "/clinic/"
    assert Event.objects.filter(action="user.signed_in", actor=petra.ref).exists()


def test_staff_keep_one(petra: User) -> None:
    browser = signed_in(petra)
    passkey_of(petra)
    assert _adapter_lets_go(petra)
    Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).delete()
    assert not _adapter_lets_go(petra)
    assert browser.get("/clinic/").status_code == 200


def _adapter_lets_go(user: User) -> bool:
    app = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return bool(get_adapter().can_delete_authenticator(app))


def test_the_last_passkey_of_staff_stays(nina: User, alice: User) -> None:
    for who, is_left in ((nina, True), (alice, False)):
        key = passkey_of(who)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("allauth.account.internal.flows.reauthentication.did_recently_reauthenticate", lambda _: True)
            answer = signed_in(who).post(f"/account/second-factor/passkeys/{key.pk}/remove/")
        assert answer["Location"] == "/account/second-factor/passkeys/"
        assert Authenticator.objects.filter(pk=key.pk).exists() is is_left


def test_recovery_codes_alone_are_no_second_factor(nina: User) -> None:
    Authenticator.objects.create(user=nina, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "a", "used_mask": 0})
    assert signed_in(nina).get("/clinic/")["Location"].startswith("/account/second-factor/needed/")


def test_clients_need_none_and_may_have_one(alice: User) -> None:
    browser = signed_in(alice)
    assert browser.get("/me/consents/").status_code == 200
    assert "Add a passkey" in browser.get("/account/second-factor/").content.decode()
    assert browser.get("/account/second-factor/passkeys/add/").status_code == 200


def test_with_one_changing_it_asks_for_it_once_more(petra: User) -> None:
    browser = signed_in(petra)
    for path in ("app/remove/", "codes/new/", "passkeys/add/"):
        answer = browser.get(f"/account/second-factor/{path}")
        assert answer["Location"].startswith("/account/second-factor/again/"), path


def test_right_after_signing_in_with_one_it_is_not_asked_for_again(
    client: Browser, petra: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert petra.email is not None
    first_step(client, petra.email)
    secret = Authenticator.objects.get(user=petra).data["secret"]
    client.post("/account/sign-in/second-factor/", {"code": app_code(secret)})
    assert client.get("/account/second-factor/passkeys/add/").status_code == 200
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr("pellucid.web.accounts.adapter.now", lambda: later)
    answer = client.get("/account/second-factor/passkeys/add/")
    assert answer["Location"].startswith("/account/second-factor/again/")


def test_one_does_not_see_or_remove_somebody_elses_passkey(petra: User, doris: User) -> None:
    theirs = passkey_of(doris)
    browser = signed_in(petra)
    secret = Authenticator.objects.get(user=petra).data["secret"]
    browser.post("/account/second-factor/again/", {"code": app_code(secret)})
    assert browser.post(f"/account/second-factor/passkeys/{theirs.pk}/remove/").status_code == 404
    assert browser.get(f"/account/second-factor/passkeys/{theirs.pk}/name/").status_code == 404


def test_every_page_of_the_second_factor_shows(petra: User) -> None:
    browser = signed_in(petra)
    secret = Authenticator.objects.get(user=petra).data["secret"]
    assert browser.get("/account/second-factor/again/").status_code == 200
    browser.post("/account/second-factor/again/", {"code": app_code(secret)})
    assert browser.get("/account/second-factor/passkeys/add/").status_code == 200
    key = passkey_of(petra)
    for path in ("", "passkeys/", "codes/new/", f"passkeys/{key.pk}/name/", f"passkeys/{key.pk}/remove/"):
        answer = browser.get(f"/account/second-factor/{path}")
        assert answer.status_code == 200, path
        assert "django-allauth" not in answer.content.decode()
