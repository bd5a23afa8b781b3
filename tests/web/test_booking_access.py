"""What becomes of a real visit when each of the cast tries each thing with it, form and all; and what lists show whom.

Who gets in at which address is in ``test_access_matrix``; here the forms are whole, and the tables are looked at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from tests.web.booking_cast import FACIAL, MASK, MONDAY, NOW, PEEL, moment, screened
from tests.web.booking_visits import as_client, as_staff, visit_at
from tests.web.cast import signed_in
from tests.web.staff_pages import at

from pellucid.web.accounts.models import User
from pellucid.web.records.actions import appointments, waitlist
from pellucid.web.records.actions.booking import Booker
from pellucid.web.records.models import Appointment, Reservation, WaitlistEntry
from pellucid.web.sites.models import Location

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable")]

CAST = ("alice", "bob", "petra", "doris", "omar", "frida", "olga")
AT_NORTH = frozenset({"petra", "doris", "frida", "olga"})
HERSELF = frozenset({"alice"})
ELEVEN = f"{moment(MONDAY, '11:00'):%Y-%m-%dT%H:%MZ}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that can be done with Alice's visit or with what she waits for, and who may."""

    name: str
    may: frozenset[str]
    begins: str = "booked"
    """How the visit stands before."""
    fields: Mapping[str, str] | None = None
    of: str = "visit"
    after: timedelta = timedelta()
    """How much later than NOW."""


BEGUN = timedelta(days=3, hours=1)
ATTEMPTS = (
    Attempt("portal:appointment_confirm", HERSELF, "held"),
    Attempt("portal:appointment_move", HERSELF, fields={"start": ELEVEN}),
    Attempt("portal:appointment_cancel", HERSELF),
    Attempt("portal:waitlist_leave", HERSELF, of="entry"),
    Attempt("portal:offer", HERSELF, fields={"do": "accept"}, of="offer"),
    Attempt("portal:offer", HERSELF, fields={"do": "decline"}, of="offer"),
    Attempt("clinic:appointment_move", AT_NORTH, fields={"start": ELEVEN}),
    Attempt("clinic:appointment_cancel", AT_NORTH, fields={"reason": "Ill"}),
    Attempt("clinic:appointment_done", AT_NORTH, after=BEGUN),
    Attempt("clinic:appointment_missed", AT_NORTH, after=BEGUN),
    Attempt("clinic:appointment_sign", frozenset({"doris"}), "tentative"),
    Attempt("clinic:waitlist_leave", AT_NORTH, of="entry"),
)


def state_of() -> list[Any]:
    """All that an attempt could change."""
    visits = Appointment.objects.order_by("pk").values_list("pk", "state", "starts", "version")
    waiting = WaitlistEntry.objects.order_by("pk").values_list("pk", "state")
    return [*visits, *waiting, *Reservation.objects.order_by("pk").values_list("resource", "since", "until")]


def waiting(client: User, treatment: str, booker: Booker) -> WaitlistEntry:
    """What a client waits for, in the week of MONDAY."""
    return waitlist.join(
        client=client.client,
        location=client.client.location,
        treatments=[treatment],
        since=MONDAY,
        until=MONDAY + timedelta(days=5),
        booker=booker,
    )


@pytest.fixture
def made(alice: User, petra: User, doris: User, frida: User) -> Callable[[Attempt], tuple[str, dict[str, str]]]:
    """Makes what an attempt is about: the address, and the form as its page would send it."""

    def made(attempt: Attempt) -> tuple[str, dict[str, str]]:
        screened(alice)
        desk = as_staff(frida)
        if attempt.of in {"entry", "offer"}:
            entry = waiting(alice, MASK, desk)
            if attempt.of == "entry":
                return reverse(attempt.name, args=[entry.pk]), {}
            offer = waitlist.offer(entry=entry, visit=visit_at("10:00", [MASK], who=petra), booker=desk)
            return reverse(attempt.name, args=[offer.pk]), dict(attempt.fields or {})
        tentative = attempt.begins == "tentative"
        visit = visit_at("10:00", [PEEL if tentative else MASK], who=doris if tentative else petra)
        if attempt.begins == "held":
            found = appointments.hold(client=alice.client, visit=visit, booker=as_client(alice))
        else:
            found = appointments.book(client=alice.client, visit=visit, booker=desk)
        assert found.state == attempt.begins
        fields = {"version": str(found.version), **(attempt.fields or {})}
        if attempt.name == "clinic:appointment_move":
            fields["start"] = f"{ELEVEN}/{petra.membership.pk}"
        return reverse(attempt.name, args=[found.pk]), fields

    return made


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda each: f"{each.name}-{(each.fields or {}).get('do', '')}")
def test_only_who_may_changes_anything(attempt: Attempt, made: Any, request: pytest.FixtureRequest) -> None:
    users = {who: request.getfixturevalue(who) for who in CAST}
    url, fields = made(attempt)
    before, changed = state_of(), set()
    with at(NOW + attempt.after):
        for who, user in {**users, "visitor": None}.items():
            with transaction.atomic():
                (signed_in(user) if user else Browser()).post(url, fields)
                if state_of() != before:
                    changed.add(who)
                transaction.set_rollback(True)
    assert changed == attempt.may


def lists() -> list[str]:
    """Every page of the desk on which any client can stand."""
    on, search = {"on": MONDAY.isoformat()}, {"search": "Alice"}
    found = [reverse(f"clinic:{name}") for name in ("start", "board", "misfits", "waitlist", "clients")]
    found += [reverse(f"clinic:{name}", query=on) for name in ("board", "calendar", "calendar_part")]
    found += [reverse("clinic:calendar", query={**on, "by": by, "view": "week"}) for by in ("room", "practitioner")]
    return found + [reverse(f"clinic:{name}", query=search) for name in ("appointment_new", "waitlist_add")]


def own_pages(client: User, visit: Appointment, entry: WaitlistEntry) -> list[str]:
    """Every page of the desk that is about one client."""
    whom = {"client": str(client.client.pk)}
    to = {"to": f"{MONDAY.isoformat()}T11:00"}
    look = {**whom, "on": MONDAY.isoformat(), "service": PEEL, "at": "north"}
    return [
        reverse("clinic:client", args=[client.client.pk]),
        reverse("clinic:appointment", args=[visit.pk]),
        reverse("clinic:appointment_move", args=[visit.pk]),
        reverse("clinic:appointment_move", args=[visit.pk], query=to),
        reverse("clinic:appointment_cancel", args=[visit.pk]),
        reverse("clinic:appointment_new", query=look),
        reverse("clinic:appointment_new", query=look | to | {"with": str(visit.practitioner_id)}),
        reverse("clinic:waitlist_add", query=whom),
        reverse("clinic:waitlist_offer", args=[entry.pk]),
    ]


@pytest.fixture
def unfit(alice: User, doris: User, frida: User) -> tuple[Appointment, WaitlistEntry]:
    """A visit of Alice's that her new answers rule out, and the same waited for."""
    screened(alice)
    booked = appointments.book(client=alice.client, visit=visit_at("10:00", [PEEL], who=doris), booker=as_staff(frida))
    entry = waiting(alice, PEEL, as_staff(frida))
    screened(alice, "isotretinoin_stopped_three_months_ago", now=NOW + timedelta(minutes=1))
    Appointment.objects.filter(pk=booked.pk).update(misfit=["contraindication.isotretinoin_now"])
    return booked, entry


def read(user: User, url: str, *, now: datetime = NOW + timedelta(minutes=5)) -> str:
    """What a page says, in small letters; all of it, also what is folded away or in attributes."""
    with at(now):
        return signed_in(user).get(url).content.decode().lower()


def test_no_page_of_the_desk_tells_the_front_desk_of_anybodys_health(
    unfit: tuple[Appointment, WaitlistEntry], alice: User, frida: User, doris: User
) -> None:
    urls = [*lists(), *own_pages(alice, *unfit)]
    telling = {url for url in urls if "retinoin" in read(frida, url)}
    assert telling == set()
    assert any("retinoin" in read(doris, url) for url in urls)


def test_nothing_of_another_locations_clients_is_shown_or_there(
    unfit: tuple[Appointment, WaitlistEntry], alice: User, omar: User, frida: User, south: Location
) -> None:
    urls = lists()
    assert {url for url in urls if "alice example" in read(omar, url)} == set()
    assert any("alice example" in read(frida, url) for url in urls)
    with at(NOW):
        browser = signed_in(omar)
        answers = {url: browser.get(url).status_code for url in own_pages(alice, *unfit)}
    assert set(answers.values()) == {404}, answers


def test_a_visit_cannot_be_booked_for_a_client_of_another_location(alice: User, petra: User, omar: User) -> None:
    sent = {"client": str(alice.client.pk), "service": FACIAL, "start": f"{ELEVEN}/{petra.membership.pk}"}
    with at(NOW):
        assert signed_in(omar).post(reverse("clinic:appointment_new"), sent).status_code == 404
    assert not Appointment.objects.exists()
