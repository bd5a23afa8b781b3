"""Archiving a client: out of the lists, never out of reach, and brought back by hand or by registering again."""

import pytest
from django.urls import reverse
from tests.web.cast import signed_in
from tests.web.registering import filled, newest_code, open_clinic
from tests.web.staff_pages import NOW, at, given_in, send, words

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.records.actions.archive import archive_client, restore_client
from pellucid.web.records.actions.consultations import ArchivedError, Asker, begin, submit
from pellucid.web.records.models import Client, Consultation

pytestmark = pytest.mark.django_db


def page(name: str, user: User) -> str:
    """A page about one client."""
    return reverse(f"clinic:{name}", args=[user.client.pk])


def archive(alice: User, by: User) -> Client:
    """Alice's record, archived."""
    archive_client(client=alice.client, reason="Moved away.", by=by.membership, now=NOW)
    return Client.objects.get(user=alice)


def test_a_button_with_a_reason_archives_once_and_is_told(frida: User, alice: User) -> None:
    browser = signed_in(frida)
    assert page("client_archive", alice) in browser.get(page("client", alice)).content.decode()
    assert "Please fill this in" in words(send(browser, page("client_archive", alice), reason=""))
    assert Client.objects.get(user=alice).archived_at is None
    for _ in range(2):
        assert send(browser, page("client_archive", alice), reason="Moved away.").status_code == 302
    event = Event.objects.get(action="client.archived")
    assert (event.reason, event.client, event.actor) == ("Moved away.", str(alice.client.pk), frida.ref)
    assert "Archived on" in words(browser.get(page("client", alice)))


def test_archived_clients_are_listed_only_when_asked_for(petra: User, alice: User, bob: User) -> None:
    with at(NOW):
        given_in(alice, "nothing_wrong")
        archive(alice, petra)
        browser = signed_in(petra)
        shown = words(browser.get(reverse("clinic:clients")))
        asked = words(browser.get(reverse("clinic:clients"), {"archived": "on"}))
        assert "Alice" not in shown
        assert "Bob" in shown
        assert "Alice" in asked
        assert "Bob" not in asked
        for name in ("reviews", "start"):
            assert "Alice" not in words(browser.get(reverse(f"clinic:{name}")))


def test_who_was_archived_reads_their_record_and_is_told_kindly_that_nothing_new_begins(
    petra: User, alice: User
) -> None:
    with at(NOW):
        done = given_in(alice, "nothing_wrong")
        archive(alice, petra)
        browser = signed_in(alice)
        assert "archived" in words(browser.get(reverse("portal:me")))
        assert browser.get(reverse("portal:result", args=[done.pk])).status_code == 200
        assert browser.get(reverse("portal:consents")).status_code == 200
        answer = browser.post(reverse("portal:consultation_begin"))
        assert answer.status_code == 409
        assert "Register once more" in words(answer)
    assert not Consultation.objects.filter(state="draft").exists()


def test_the_actions_themselves_refuse(petra: User, alice: User) -> None:
    draft = begin(asker=Asker(alice.client, alice.ref, NOW))
    asker = Asker(archive(alice, petra), alice.ref, NOW)
    with pytest.raises(ArchivedError):
        begin(asker=asker)
    with pytest.raises(ArchivedError):
        submit(asker=asker, draft=draft.pk, version=draft.version)
    assert Consultation.objects.get().state == "draft"


def test_bringing_back_needs_a_reason_too(petra: User, alice: User) -> None:
    archive(alice, petra)
    browser = signed_in(petra)
    for _ in range(2):
        assert send(browser, page("client_restore", alice), reason="Is back in town.").status_code == 302
    assert Client.objects.get(user=alice).archived_at is None
    assert Event.objects.get(action="client.restored").reason == "Is back in town."
    restore_client(client=alice.client, reason="again", by=petra.membership, now=NOW)
    assert Event.objects.filter(action="client.restored").count() == 1


def test_registering_again_brings_somebody_back_and_says_so(petra: User, alice: User) -> None:
    record = archive(alice, petra)
    open_clinic(record.location)
    browser = signed_in(alice)
    browser.post("/register/", filled(browser, record.location, address="alice@example.com", preferred_on=None))
    browser.post("/register/code/", {"code": newest_code("alice@example.com")})
    assert Client.objects.get(user=alice).archived_at is None
    assert Event.objects.get(action="client.wished").detail["restored"] is True
