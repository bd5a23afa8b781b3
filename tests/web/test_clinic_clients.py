"""Finding clients and changing their profile: who sees whom, nothing lost, constant query counts."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.web.cast import THEN, signed_in
from tests.web.staff_pages import NOW, at, given_in, send, words

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.records.actions.profiles import change_client
from pellucid.web.records.models import Client, Consultation
from pellucid.web.sites.models import Location

pytestmark = pytest.mark.django_db


def listed(user: User, **asked: str) -> str:
    """The list of clients as somebody sees it."""
    return words(signed_in(user).get(reverse("clinic:clients"), asked))


def test_a_practitioner_finds_clients_by_name_address_and_number(petra: User, alice: User, bob: User) -> None:
    """Each word has to fit; other clients are not shown."""
    Client.objects.filter(user=bob).update(phone="+886912345678")
    assert "Alice Example" in listed(petra, search="ali exam")
    assert "Bob Example" not in listed(petra, search="ali exam")
    assert "Bob Example" in listed(petra, search="bob@example.com")
    assert "Bob Example" in listed(petra, search="0912-345-678".removeprefix("0"))
    assert "Nobody fits" in listed(petra, search="zebra")


def test_clients_of_another_location_are_not_listed_and_not_found(omar: User, olga: User, alice: User) -> None:
    """Omar works elsewhere; the owner sees everybody."""
    assert "Alice" not in listed(omar)
    assert "Alice" in listed(olga)
    browser = signed_in(omar)
    for page in ("client", "client_edit", "health", "history", "clearance_add", "override_sign"):
        assert browser.get(reverse(f"clinic:{page}", args=[alice.client.pk])).status_code == 404, page


def test_the_own_practitioner_sees_a_client_of_another_location(omar: User, alice: User) -> None:
    """Whoever treats somebody sees them, wherever they registered."""
    Client.objects.filter(user=alice).update(practitioner=omar.membership)
    assert "Alice" in listed(omar)


def test_the_front_desk_sees_names_and_no_health_data(frida: User, alice: User, clinic: Any) -> None:
    """Neither what waits for a signature nor the tabs of health and history."""
    with at(NOW):
        given_in(alice, "rosacea_like_redness")
        browser = signed_in(frida)
        assert "To sign" not in listed(frida)
        page = words(browser.get(reverse("clinic:client", args=[alice.client.pk])))
        assert "Alice Example" in page
        assert "Health" not in page
        for name in ("health", "history"):
            assert browser.get(reverse(f"clinic:{name}", args=[alice.client.pk])).status_code == 403
        assert "Alice" not in words(browser.get(reverse("clinic:start")))


def test_a_filter_shows_only_those_who_wait(petra: User, alice: User, bob: User) -> None:
    """The one whose consultation nobody has signed."""
    with at(NOW):
        given_in(alice, "nothing_wrong")
    shown = listed(petra, waiting="on")
    assert "Alice Example" in shown
    assert "Bob Example" not in shown


def many(location: Location, count: int) -> None:
    """So many more clients, each with a consultation to sign."""
    people = [
        Client(name=f"Client {n:04}", email=f"c{n}@example.com", location=location, registered_at=THEN)
        for n in range(count)
    ]
    Client.objects.bulk_create(people)
    Consultation.objects.bulk_create(
        Consultation(
            client=each,
            state="submitted",
            begun_at=NOW,
            changed_at=NOW,
            submitted_at=NOW,
            reports={"en": {"referral": [{"urgency": "routine"}]}},
        )
        for each in people
    )


@pytest.mark.parametrize("page", ["clients", "reviews", "start"])
def test_lists_ask_the_database_as_often_for_1000_rows_as_for_10(page: str, olga: User, north: Location) -> None:
    """The number of queries hangs on the page, not on the number of clients."""
    browser = signed_in(olga)
    browser.get(reverse(f"clinic:{page}"))
    counts = []
    for more in (10, 990):
        many(north, more)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse(f"clinic:{page}")).status_code == 200
        counts.append(len(asked))
        Client.objects.filter(name__startswith="Client").update(name="Again")
    assert counts[0] == counts[1] <= 12


def test_a_change_of_the_profile_is_saved_and_told_without_its_words(petra: User, alice: User) -> None:
    """The audit trail names the fields, never what stands in them."""
    url = reverse("clinic:client_edit", args=[alice.client.pk])
    answer = send(signed_in(petra), url, name="Alice Sample", phone="0912 345 678")
    assert answer.status_code == 302
    client = Client.objects.get(user=alice)
    assert (client.name, client.phone, client.version) == ("Alice Sample", "+886912345678", 2)
    event = Event.objects.get(action="client.changed")
    assert event.detail == {"fields": ["name", "phone"]}
    assert event.client == str(client.pk)


def test_sending_a_profile_twice_changes_it_once(petra: User, alice: User) -> None:
    """The second finds everything as it is asked for."""
    browser, url = signed_in(petra), reverse("clinic:client_edit", args=[alice.client.pk])
    sent = {"name": "Alice Sample", "email": "alice@example.com", "language": "en", "version": "1"}
    sent["location"] = str(alice.client.location.pk)
    sent["practitioner"] = str(petra.membership.pk)
    assert [browser.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Event.objects.filter(action="client.changed").count() == 1


def test_somebody_elses_change_is_told_and_nothing_typed_is_lost(petra: User, doris: User, alice: User) -> None:
    """The page that was opened earlier can't undo what was saved since."""
    browser, url = signed_in(petra), reverse("clinic:client_edit", args=[alice.client.pk])
    page = browser.get(url)
    change_client(client=alice.client, version=1, fields={"name": "Alice By Doris"}, by=doris.membership, now=NOW)
    answer = browser.post(
        url,
        {
            "name": "Alice By Petra",
            "email": "a@example.com",
            "version": "1",
            "language": "en",
            "location": str(alice.client.location.pk),
        },
    )
    assert page.status_code == 200
    assert answer.status_code == 200
    assert "Somebody else changed this client" in words(answer)
    assert "Alice By Petra" in answer.content.decode()
    assert Client.objects.get(user=alice).name == "Alice By Doris"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Please fill this in"),
        ("email", "nobody", "an e-mail address, such as"),
        ("phone", "12", "country code"),
        ("birth_date", "yesterday", "Please give a day"),
        ("location", "999", "one of those that are offered"),
    ],
)
def test_a_wrong_value_is_told_at_its_field(field: str, typed: str, said: str, petra: User, alice: User) -> None:
    """And nothing is saved."""
    answer = send(signed_in(petra), reverse("clinic:client_edit", args=[alice.client.pk]), **{field: typed})
    assert answer.status_code == 200
    assert said in words(answer)
    assert Client.objects.get(user=alice).version == 1
