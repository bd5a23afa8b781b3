"""Scenes in which a crowd wants the same at one moment. They run in a process of their own, where commits are real.

How a crowd is let loose is in ``booking_gate``. ``play`` does every scene and prints one line of JSON for each.
"""

import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from unittest import mock

from django.db import IntegrityError
from tests.web.booking_cast import CONSULTATION, MONDAY, NOW, make_hours, make_resources, make_service, moment
from tests.web.booking_gate import Attempt, race
from tests.web.booking_visits import overlaps
from tests.web.cast import THEN, make_staff

from pellucid.model.levels import Level
from pellucid.model.slot import Visit
from pellucid.web.accounts.models import Membership, Role, User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions import appointments, reservations, series, waitlist
from pellucid.web.records.actions.appointments import HOLD, Booker
from pellucid.web.records.models import Appointment, Client, Reservation, Series, WaitlistOffer
from pellucid.web.records.models.appointment import TAKES_TIME
from pellucid.web.records.queries.calendar import visits_for
from pellucid.web.sites.models import Clinic, Location

CROWD = 200


def by(client: Client, *, after: timedelta = timedelta()) -> Booker:
    """A client who acts for themself."""
    return Booker(f"client.{client.pk}", None, NOW + after)


def standing(on: date) -> list[Appointment]:
    """The visits of a day that take up time."""
    found = Appointment.objects.filter(state__in=TAKES_TIME, starts__gte=moment(on, "00:00"))
    return list(found.filter(starts__lt=moment(on, "23:59")))


class World:
    """A clinic with four practitioners, as many rooms and two devices, and a crowd of clients; all made up."""

    def __init__(self, threads: int) -> None:
        """Make it; it is kept for every scene, each of which has a week of its own."""
        self.threads = threads
        clinic = Clinic.objects.create(name="Example Clinic", region="tw", currency="TWD", days_ahead=900)
        self.north = Location.objects.create(clinic=clinic, slug="north", name="North", zone="Asia/Taipei")
        self.staff = [self._practitioner(name) for name in ("Petra", "Doris", "Paul", "Dora")]
        make_resources(self.north, rooms=4, devices=("lamp", "lamp"))
        make_resources(self.north, rooms=2, kind="quiet")
        self.service = make_service(CONSULTATION, self.north, minutes=30)
        self.clients = Client.objects.bulk_create(
            Client(name="C Example", email=f"c{number}@example.com", location=self.north, registered_at=THEN)
            for number in range(CROWD)
        )
        self.week = 0

    def _practitioner(self, name: str) -> User:
        user = make_staff(name, Role.PRACTITIONER, level=Level.L3, location=self.north)
        make_hours(user, self.north)
        return user

    def next_week(self) -> date:
        """A Monday on which nothing is booked."""
        self.week += 1
        return MONDAY + timedelta(weeks=self.week)

    def needs(self, *, room_kind: str = "treatment", device_kinds: Sequence[str] = ()) -> None:
        """What a visit takes up from now on."""
        self.service.room_kind, self.service.device_kinds = room_kind, list(device_kinds)
        self.service.save()

    def visits(self, on: date, *times: str, practitioner: Membership | None = None) -> list[Visit]:
        """Consultations at some times, of each practitioner or of one."""
        wanted = [moment(on, at) for at in times]
        found = visits_for(treatments=[CONSULTATION], since=on, until=on, practitioner=practitioner, now=NOW)
        return [each for each in found if each.starts in wanted]

    def for_each(self, do: Callable[[Client, int], object]) -> list[Attempt]:
        """One attempt for each client of the crowd."""
        return [partial(do, client, number) for number, client in enumerate(self.clients)]

    def book(self, client: Client, visit: Visit) -> Appointment:
        """Booked before the scene begins."""
        return appointments.book(client=client, visit=visit, booker=by(client))

    def race(self, attempts: Sequence[Attempt]) -> Counter[str]:
        """Do all of it at once, on as many connections as there are threads."""
        return race(attempts, self.threads)


def identical(world: World) -> None:
    """Everybody holds the same visit: one has it."""
    (visit,) = world.visits(world.next_week(), "10:00", practitioner=world.staff[0].membership)
    said = world.race(
        world.for_each(lambda client, _: appointments.hold(client=client, visit=visit, booker=by(client)))
    )
    assert said == {"won": 1, "TakenError": CROWD - 1}, said


def partly_overlapping(world: World) -> None:
    """Everybody holds one of many visits that overlap: what nobody got is in the way of what somebody has."""
    on = world.next_week()
    every = [f"{hour:02}:{minute:02}" for hour in range(9, 17) for minute in (0, 15, 30, 45)]
    visits = world.visits(on, *every, practitioner=world.staff[0].membership)

    def hold(client: Client, number: int) -> object:
        return appointments.hold(client=client, visit=visits[number % len(visits)], booker=by(client))

    said = world.race(world.for_each(hold))
    held = [(each.starts, each.ends) for each in standing(on)]
    assert said["won"] == len(held), said
    assert set(said) == {"won", "TakenError"}, said
    free = [each for each in visits if not any(since < each.ends and until > each.starts for since, until in held)]
    assert not free, free


def shared_room(world: World) -> None:
    """Four practitioners, two rooms: two visits at one time."""
    world.needs(room_kind="quiet")
    visits = world.visits(world.next_week(), "10:00")
    assert len(visits) == 4
    said = world.race(
        world.for_each(
            lambda client, number: appointments.hold(client=client, visit=visits[number % 4], booker=by(client))
        )
    )
    assert said == {"won": 2, "TakenError": CROWD - 2}, said


def shared_device(world: World) -> None:
    """Four practitioners and rooms, two devices: two visits at one time."""
    world.needs(device_kinds=["lamp"])
    visits = world.visits(world.next_week(), "10:00")
    said = world.race(
        world.for_each(
            lambda client, number: appointments.hold(client=client, visit=visits[number % 4], booker=by(client))
        )
    )
    assert said == {"won": 2, "TakenError": CROWD - 2}, said


def any_practitioner(world: World) -> None:
    """Everybody takes whoever is free: each of the four has one visit."""
    world.needs()
    on = world.next_week()
    visits = world.visits(on, "10:00")
    said = world.race(
        world.for_each(lambda client, _: appointments.hold_any(client=client, visits=visits, booker=by(client)))
    )
    assert said == {"won": 4, "TakenError": CROWD - 4}, said
    assert len({each.practitioner_id for each in standing(on)}) == 4


def hold_to_confirm(world: World) -> None:
    """A hold confirmed again and again is booked once and told once."""
    world.needs()
    (visit,) = world.visits(world.next_week(), "10:00", practitioner=world.staff[0].membership)
    client = world.clients[0]
    held = appointments.hold(client=client, visit=visit, booker=by(client))
    said = world.race(
        [partial(appointments.confirm, appointment=held, version=held.version, booker=by(client))] * CROWD
    )
    assert said == {"won": CROWD}, said
    assert Event.objects.filter(action="appointment.confirmed", subject=f"appointment.{held.pk}").count() == 1
    assert Message.objects.filter(kind="visit_confirmed", key__contains=str(held.pk)).count() == 1


def hold_that_runs_out(world: World) -> None:
    """Half the crowd confirms at the last moment, the other half takes the slot in the next: one of both."""
    on = world.next_week()
    (visit,) = world.visits(on, "10:00", practitioner=world.staff[0].membership)
    first = world.clients[0]
    held = appointments.hold(client=first, visit=visit, booker=by(first))
    last = by(first, after=HOLD - timedelta(seconds=1))

    def either(client: Client, number: int) -> object:
        if number % 2 == 0:
            return appointments.confirm(appointment=held, version=held.version, booker=last)
        return appointments.hold(client=client, visit=visit, booker=by(client, after=HOLD))

    said = world.race(world.for_each(either))
    (left,) = standing(on)
    confirmed, lost = {"won": CROWD // 2, "TakenError": CROWD // 2}, {"won": 1}
    assert said == confirmed if left == held else said["won"] == lost["won"], said
    assert set(said) <= {"won", "TakenError", "HoldOverError"}, said


def reschedule(world: World) -> None:
    """Ten visits are all moved to one time, each twenty times at once: one is there, the others are where they were."""
    on = world.next_week()
    times = [f"{hour:02}:{minute:02}" for hour in range(11, 16) for minute in (0, 30)]
    before = [
        world.book(client, visit)
        for client, visit in zip(
            world.clients, world.visits(on, *times, practitioner=world.staff[0].membership), strict=False
        )
    ]
    (to,) = world.visits(on, "09:00", practitioner=world.staff[0].membership)

    def move(number: int) -> object:
        visit = before[number % len(before)]
        return appointments.reschedule(appointment=visit, version=visit.version, visit=to, booker=by(visit.client))

    said = world.race([partial(move, number) for number in range(CROWD)])
    now = {each.pk: each.starts for each in standing(on)}
    moved = [each for each in before if now[each.pk] != each.starts]
    assert [now[each.pk] for each in moved] == [to.starts], said
    assert set(said) <= {"won", "TakenError", "ChangedError"}, said
    assert said["won"] == 1 or said["won"] <= CROWD // len(before), said
    assert Event.objects.filter(action="appointment.moved").count() == 1


def whole_series(world: World) -> None:
    """Everybody books four weeks at once, and the weeks of all cross each other: whoever has one visit has all four."""
    weeks = [world.next_week() for _ in range(4)]
    by_week = [world.visits(on, "10:00", "10:15", practitioner=world.staff[0].membership) for on in weeks]

    def book(client: Client, number: int) -> object:
        chosen = [visits[(number >> week) % 2] for week, visits in enumerate(by_week)]
        return series.book_series(client=client, visits=chosen, booker=by(client))

    said = world.race(world.for_each(book))
    assert said == {"won": 1, "SeriesError": CROWD - 1}, said
    assert [len(standing(on)) for on in weeks] == [1] * 4
    assert Series.objects.count() == 1


def waiting(world: World) -> None:
    """A slot becomes free, twenty wait, and the job runs many times at once: one has an offer, and books it once."""
    on = world.next_week()
    (visit,) = world.visits(on, "10:00", practitioner=world.staff[0].membership)
    wish: dict[str, Any] = {
        "location": world.north,
        "treatments": [CONSULTATION],
        "since": on,
        "until": on,
        "earliest": 600,
    }
    for client in world.clients[:20]:
        waitlist.join(client=client, latest=630, practitioner=world.staff[0].membership, booker=by(client), **wish)
    freed = {"location": world.north.pk, "since": visit.starts.isoformat(), "until": visit.ends.isoformat()}
    world.race([partial(waitlist.offer_freed.do, now=NOW, **freed)] * (CROWD // 10))
    (offer,) = WaitlistOffer.objects.filter(state="open")
    assert [each.pk for each in standing(on)] == [offer.appointment_id]

    def answer(number: int) -> object:
        if number % 4 == 0:
            return waitlist.decline(offer=offer, booker=by(world.clients[0]))
        return waitlist.accept(offer=offer, booker=by(world.clients[0]))

    said = world.race([partial(answer, number) for number in range(CROWD)])
    offer.refresh_from_db()
    assert set(said) <= {"won", "HoldOverError"}, said
    assert (offer.state, len(standing(on))) in {("accepted", 1), ("declined", 0)}, (offer.state, said)


def staff_and_clients(world: World) -> None:
    """The front desk books for some while others hold for themselves: one has it."""
    on = world.next_week()
    (visit,) = world.visits(on, "10:00", practitioner=world.staff[0].membership)
    desk = Booker(world.staff[1].ref, world.staff[1].membership, NOW)

    def either(client: Client, number: int) -> object:
        if number % 2:
            return appointments.hold(client=client, visit=visit, booker=by(client))
        return appointments.book(client=client, visit=visit, booker=desk)

    said = world.race(world.for_each(either))
    assert said == {"won": 1, "TakenError": CROWD - 1}, said


def without_locks(world: World) -> None:
    """Were nothing of ours locked, the database itself would still let one in, and refuse whoever writes past us."""
    on = world.next_week()
    (visit,) = world.visits(on, "10:00", practitioner=world.staff[0].membership)
    with mock.patch.object(reservations, "_lock"):
        said = world.race(
            world.for_each(lambda client, _: appointments.hold(client=client, visit=visit, booker=by(client)))
        )
    assert said == {"won": 1, "TakenError": CROWD - 1}, said
    (held,) = standing(on)
    taken = Reservation.objects.filter(appointment=held)[0]
    try:
        Reservation.objects.create(
            appointment=held, resource=taken.resource, since=taken.since - 5, until=taken.since + 1
        )
    except IntegrityError:
        return
    raise AssertionError("the database let somebody write past the locks")


SCENES = (
    identical,
    partly_overlapping,
    shared_room,
    shared_device,
    any_practitioner,
    hold_to_confirm,
    hold_that_runs_out,
    reschedule,
    whole_series,
    waiting,
    staff_and_clients,
    without_locks,
)


def whole() -> None:
    """Nothing is taken up twice, and no visit has half of what it takes up."""
    assert not overlaps()
    wanted = dict(Appointment.objects.filter(state__in=TAKES_TIME).values_list("pk", "state"))
    kinds: dict[Any, set[str]] = {}
    for appointment, resource in Reservation.objects.values_list("appointment", "resource"):
        kinds.setdefault(appointment, set()).add(resource.partition(".")[0])
    assert kinds.keys() == wanted.keys()
    assert all(each >= {"client", "practitioner", "room"} for each in kinds.values())


def play(threads: int) -> None:
    """Every scene; one line of JSON for each."""
    world = World(threads)
    for scene in SCENES:
        begun = time.monotonic()
        try:
            scene(world)
            whole()
            said = ""
        except Exception:  # noqa: BLE001 - the test that reads it fails
            said = traceback.format_exc()
        told = {"scene": scene.__name__, "fault": said, "seconds": round(time.monotonic() - begun, 1)}
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()
