"""Registering: the form, and what it says when something is not right."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from tests.web.registering import NOW, TODAY, filled, newest_code, open_clinic

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.portal import register_views
from pellucid.web.records.actions import registration
from pellucid.web.records.actions.consents import hash_of
from pellucid.web.records.models import Client, Consent, Registration
from pellucid.web.sites import clock
from pellucid.web.sites.models import Document, Location, Offer, Service
from pellucid.web.sites.publish import Wording, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pellucid.web.sites.clock.now", lambda: NOW)


@pytest.fixture
def place(north: Location) -> Location:
    open_clinic(north)
    return north


def errors(browser: Browser, data: dict[str, Any]) -> dict[str, list[str]]:
    answer = browser.post("/register/", data)
    assert answer.status_code == 200
    return dict(answer.context["form"].errors)


def shown(answer: Any, address: str) -> str:
    """A page without the address and without the token that differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(address, "")


def test_one_form_one_code_and_somebody_is_a_client(client: Browser, place: Location) -> None:
    sent = client.post("/register/", filled(client, place))
    assert sent["Location"] == "/register/code/"
    done = client.post("/register/code/", {"code": newest_code("mia@example.com")})
    assert done["Location"] == "/me/"
    mia = Client.objects.get()
    assert (mia.name, mia.email, mia.wanted) == ("Mia Example", "mia@example.com", "pore_cleanup_facial")
    assert (mia.preferred_on, mia.location, mia.birth_date) == (date(2026, 5, 12), place, None)
    assert client.session["_auth_user_id"] == str(mia.user_id)


def test_nothing_is_in_the_records_before_the_code_comes_back(client: Browser, place: Location) -> None:
    client.post("/register/", filled(client, place))
    assert not User.objects.exists()
    assert not Client.objects.exists()
    assert not Consent.objects.exists()


def test_consent_keeps_wording_sentence_and_time(client: Browser, place: Location) -> None:
    client.post("/register/", filled(client, place))
    client.post("/register/code/", {"code": newest_code("mia@example.com")})
    kept = {each.kind: each for each in Consent.objects.all()}
    assert set(kept) == {"terms", "privacy"}
    terms = Document.objects.get(kind="terms", language="en")
    assert kept["terms"].document == terms
    assert kept["terms"].wording_sha256 == hash_of(terms)
    assert kept["terms"].sentence == "I agree to “Terms of use” and have read “Privacy”."
    assert kept["terms"].given_at == NOW


def test_photos_and_offers_are_off_unless_ticked(client: Browser, place: Location) -> None:
    page = client.get("/register/").context["form"]
    assert not page["photos"].value()
    assert not page["marketing"].value()
    client.post("/register/", filled(client, place, photos="on"))
    client.post("/register/code/", {"code": newest_code("mia@example.com")})
    assert set(Consent.objects.values_list("kind", flat=True)) == {"terms", "privacy", "photos"}


def test_registering_leaves_an_event_without_name_or_address(client: Browser, place: Location) -> None:
    client.post("/register/", filled(client, place))
    client.post("/register/code/", {"code": newest_code("mia@example.com")})
    event = Event.objects.get(action="client.registered")
    assert event.client == str(Client.objects.get().pk)
    assert "Mia" not in str(event.detail)
    assert "mia@" not in str(event.detail)


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"name": None}, "name", "tell us your name"),
        ({"address": "nowhere"}, "address", "e-mail address"),
        ({"address": "mia@"}, "address", "e-mail address"),
        ({"agree": None}, "agree", "agreement"),
        ({"preferred_on": "2026-05-04"}, "preferred_on", "The earliest is today, Tuesday 5 May 2026"),
        ({"preferred_on": "soon"}, "preferred_on", "such as"),
        ({"preferred_on": "2031-01-01"}, "preferred_on", "up to"),
        ({"wanted": "a_new_face"}, "wanted", "one of those that are offered"),
    ],
)
def test_each_message_stands_at_its_field_and_what_was_typed_stays(
    client: Browser, place: Location, typed: dict[str, Any], field: str, told: str
) -> None:
    data = filled(client, place, **typed)
    answer = client.post("/register/", data)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert told in form.errors[field][0]
    assert all(form[name].value() == value for name, value in data.items() if name != "agree")
    assert not Registration.objects.exists()


def test_today_is_the_day_at_the_clinic_not_at_the_server(client: Browser, place: Location) -> None:
    assert NOW.date() < TODAY
    assert client.get("/register/").context["form"].fields["preferred_on"].widget.attrs["min"] == TODAY.isoformat()
    assert client.post("/register/", filled(client, place, preferred_on="2026-05-05")).status_code == 302


def test_today_is_the_day_at_the_location_that_was_chosen(client: Browser, place: Location, south: Location) -> None:
    Location.objects.filter(pk=south.pk).update(zone="America/New_York")
    there = filled(client, south, wanted="help", preferred_on="2026-05-04")
    assert client.post("/register/", there).status_code == 302
    here = filled(client, place, wanted="help", preferred_on="2026-05-04", address="b@example.com")
    assert "North" in errors(client, here)["preferred_on"][0]


def test_of_two_locations_none_is_chosen_beforehand(client: Browser, place: Location, south: Location) -> None:
    field = client.get("/register/").context["form"]["location"]
    assert (field.value(), field.field.choices[0]) == (None, ("", "Choose"))
    Service.objects.get(treatment="pore_cleanup_facial").locations.set([south])
    told = errors(client, {**filled(client, place), "location": "", "preferred_on": "2026-05-05"})
    assert told == {"location": ["Please choose where you would like to come."]}


def test_the_only_location_needs_no_choosing(client: Browser, place: Location) -> None:
    typed = {**filled(client, place), "location": client.get("/register/").context["form"]["location"].value()}
    assert client.post("/register/", typed).status_code == 302
    assert 'type="hidden" name="location"' in client.get("/register/").content.decode()


def test_a_tap_on_a_consents_sentence_meets_no_link_and_the_wording_is_linked_below(
    client: Browser, place: Location
) -> None:
    html = client.get("/register/").content.decode()
    labels = re.findall(r"<label[^>]*>.*?</label>", html, re.DOTALL)
    assert any("I agree to “Terms of use” and have read “Privacy”." in each for each in labels)
    assert not any("<a" in each for each in labels)
    for kind in ("terms", "privacy", "photos", "marketing"):
        assert re.search(rf'class="field__help"[^>]*>To read: .*href="/documents/{kind}/1/"', html)


def test_search_engines_find_the_form_in_each_language_by_a_whole_address(client: Browser, place: Location) -> None:
    html = client.get("/register/?treatment=led").content.decode()
    assert 'hreflang="zh-Hant" href="http://localhost:8000/zh-hant/register/"' in html
    assert 'hreflang="en" href="http://localhost:8000/register/"' in html


def test_a_treatment_that_is_given_elsewhere_says_where(client: Browser, place: Location, south: Location) -> None:
    told = errors(client, filled(client, south, wanted="led"))["location"][0]
    assert "not given there" in told
    assert "North" in told


def test_sending_the_same_form_twice_registers_once(client: Browser, place: Location) -> None:
    data = filled(client, place)
    first, second = client.post("/register/", data), client.post("/register/", data)
    assert first["Location"] == second["Location"] == "/register/code/"
    assert Registration.objects.count() == 1
    assert Message.objects.count() == 1


def test_an_address_put_right_after_going_back_gets_its_own_code(client: Browser, place: Location) -> None:
    data = filled(client, place, address="mai@example.com")
    client.post("/register/", data)
    client.post("/register/", {**data, "address": "mia@example.com"})
    client.post("/register/code/", {"code": newest_code("mia@example.com")})
    assert User.objects.get().email == "mia@example.com"


def test_who_is_registered_sees_the_same_page_and_gets_a_code_to_sign_in(
    client: Browser, place: Location, alice: User
) -> None:
    new = client.post("/register/", filled(client, place), follow=True)
    other = Browser()
    known = other.post("/register/", filled(other, place, address=alice.email), follow=True)
    assert alice.email is not None
    assert shown(new, "mia@example.com") == shown(known, alice.email)
    assert "registered at Example Clinic already" in Message.objects.get(to=alice.email).body
    other.post("/register/code/", {"code": newest_code(alice.email)})
    assert other.session["_auth_user_id"] == str(alice.pk)
    assert Client.objects.get(user=alice).name == "Alice Example"
    assert Client.objects.get(user=alice).wanted == "pore_cleanup_facial"


def test_registering_asks_as_many_questions_of_the_database_for_new_and_known(
    client: Browser, place: Location, alice: User
) -> None:
    counts = []
    for address in ("new@example.com", alice.email):
        data = filled(client, place, address=address)
        with CaptureQueriesContext(connection) as asked:
            client.post("/register/", data)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "name", ["Win at www.example.com", "see https://a.example", "mail me@example.com", "a.example/x"]
)
def test_a_name_carries_no_link_to_others(client: Browser, place: Location, name: str) -> None:
    assert errors(client, filled(client, place, name=name))["name"] == ["Please give only a name here."]


@pytest.mark.parametrize("name", ["Dr. Mia Example", "M.I. Example", "王 小美", "O'Neill-Ex, Jr."])
def test_names_as_people_have_them_are_taken(client: Browser, place: Location, name: str) -> None:
    assert client.post("/register/", filled(client, place, name=name)).status_code == 302


def test_an_address_is_not_tried_all_day_long(
    client: Browser, place: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(registration.AN_ADDRESS_A_DAY):
        monkeypatch.setattr(clock, "now", lambda number=number: NOW + number * timedelta(minutes=20))
        assert Browser().post("/register/", filled(Browser(), place)).status_code == 302
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=8))
    answer = Browser().post("/register/", filled(Browser(), place))
    assert answer.status_code == 429
    assert "tomorrow" in answer.content.decode()


def test_too_many_for_one_address_are_told_when_to_come_back(client: Browser, place: Location) -> None:
    for _ in range(5):
        assert client.post("/register/", filled(client, place)).status_code == 302
    answer = client.post("/register/", filled(client, place))
    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    assert "60 minutes" in answer.content.decode()
    assert 'value="Mia Example"' in answer.content.decode()


def test_too_many_from_one_place_are_told_too(client: Browser, place: Location) -> None:
    Registration.objects.bulk_create(
        Registration(key=str(each), address=f"{each}@example.com", visitor="v", facts={}, made_at=NOW, code_at=NOW)
        for each in range(30)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(register_views, "_visitor", lambda _: "v")
        assert client.post("/register/", filled(client, place)).status_code == 429


def test_an_hour_later_it_is_open_again(client: Browser, place: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        client.post("/register/", filled(client, place))
    monkeypatch.setattr("pellucid.web.sites.clock.now", lambda: NOW + timedelta(minutes=61))
    assert client.post("/register/", filled(client, place)).status_code == 302


def test_a_program_that_fills_in_everything_gets_nowhere(client: Browser, place: Location) -> None:
    answer = client.post("/register/", filled(client, place, website="https://spam.example"), follow=True)
    assert "Type in your code" in answer.content.decode()
    assert not Registration.objects.exists()
    assert not Message.objects.exists()
    told = client.post("/register/code/", {"code": "123456"}).context["form"].errors["code"][0]
    assert "doesn't match" in told


def test_a_wording_that_changed_meanwhile_is_shown_again(client: Browser, place: Location) -> None:
    data = filled(client, place, photos="on")
    new = {"en": Wording("Terms", "New."), "zh-hant": Wording("條款", "新。")}
    publish("terms", new, by="system", now=NOW)
    answer = client.post("/register/", data)
    form = answer.context["form"]
    assert "changed just now" in form.errors["agree"][0]
    assert not form["agree"].value()
    assert not form["photos"].value()
    again = {**data, "wordings": form["wordings"].value()}
    assert client.post("/register/", again).status_code == 302


def test_a_link_from_a_treatment_has_it_chosen(client: Browser, place: Location) -> None:
    assert client.get("/register/?treatment=led").context["form"]["wanted"].value() == "led"
    assert client.get("/register/?treatment=nothing").context["form"]["wanted"].value() == "help"


def test_a_trial_that_is_on_can_be_chosen_and_one_that_is_over_can_not(client: Browser, place: Location) -> None:
    trial = Offer.objects.create(slug="trial", title={"en": "Free trial"}, starts=TODAY, ends=TODAY)
    over = Offer.objects.create(
        slug="over", title={"en": "Over"}, starts=TODAY - timedelta(2), ends=TODAY - timedelta(1)
    )
    assert "wanted" in errors(client, filled(client, place, wanted=f"offer:{over.pk}"))
    client.post("/register/", filled(client, place, wanted=f"offer:{trial.pk}"))
    client.post("/register/code/", {"code": newest_code("mia@example.com")})
    assert Client.objects.get().wanted == "trial"
    assert Client.objects.get().offer == trial


def test_an_offer_of_a_treatment_names_the_treatment(client: Browser, place: Location) -> None:
    led = Service.objects.get(treatment="led")
    offer = Offer.objects.create(slug="led", title={"en": "LED"}, starts=TODAY, ends=TODAY, service=led)
    client.post("/register/", filled(client, place, wanted=f"offer:{offer.pk}"))
    client.post("/register/code/", {"code": newest_code("mia@example.com")})
    assert Client.objects.get().wanted == "led"


def test_a_local_phone_number_gets_its_country(client: Browser, place: Location) -> None:
    client.post("/register/", filled(client, place, address="0912 345 678"))
    assert Message.objects.get().channel == "text"
    client.post("/register/code/", {"code": newest_code("+886912345678")})
    user = User.objects.get()
    assert (user.phone, user.phone_verified, user.email) == ("+886912345678", True, None)


def test_where_no_texts_can_be_sent_a_phone_is_kindly_declined(
    client: Browser, place: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pellucid.web.accounts.forms.can_text", lambda: False)
    told = errors(client, filled(client, place, address="+886912345678"))["address"][0]
    assert told == "We can't text codes here yet. Please give your e-mail address instead."


def test_a_clinic_that_is_not_set_up_says_so(client: Browser, north: Location) -> None:
    answer = client.get("/register/")
    assert answer.status_code == 503
    assert "not open yet" in answer.content.decode()


def test_who_is_signed_in_as_a_client_is_led_to_their_page(client: Browser, place: Location, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/register/")["Location"] == "/me/"


def test_the_form_speaks_chinese(client: Browser, place: Location) -> None:
    page = client.get("/zh-hant/register/").content.decode()
    assert "毛孔" in page
    assert "我同意" in page
