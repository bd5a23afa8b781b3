"""One process of the crowd of ``booking_races``; it runs where Django is set up and the clinic is made."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db import connection
from tests.web.booking_cast import CONSULTATION, MONDAY, NOW, WORKDAYS

from pellucid.booking.availability import open_visits
from pellucid.model.errors import PellucidError
from pellucid.model.slot import Visit
from pellucid.web.accounts.models import Membership, Role
from pellucid.web.records.actions import appointments, reservations, series, waitlist
from pellucid.web.records.actions.appointments import Booker
from pellucid.web.records.models import Appointment, Client, WaitlistOffer
from pellucid.web.records.models.appointment import STANDING, State
from pellucid.web.records.queries.calendar import calendar_for
from pellucid.web.sites.models import Location

LAST = MONDAY + timedelta(days=len(WORKDAYS) - 1)
APART = 30 * 60
"""Seconds by which the clocks of people differ at most."""

Act = Callable[[], object]


def work(seed: int, attempts: int, threads: int) -> None:
    """Make a share of the attempts; prints how they ended, and how long each took."""
    broken = _count_broken_off()
    crowd = [Somebody(seed * threads + number) for number in range(threads)]
    going = [threading.Thread(target=each.go, args=(attempts // threads,)) for each in crowd]
    for each in going:
        each.start()
    for each in going:
        each.join()
    ended = sum((each.ended for each in crowd), Counter[str]())
    ms = [round(took, 1) for each in crowd for took in each.ms]
    print(json.dumps({"ended": ended, "ms": ms, "broken_off": len(broken)}))


def _count_broken_off() -> list[str]:
    """The faults by which the database ends transactions, as they come."""
    found: list[str] = []
    judge = reservations._broken_off  # noqa: SLF001 - counted, not changed

    def counted(fault: Exception) -> bool:
        found.append(type(fault).__name__)
        return judge(fault)

    vars(reservations)["_broken_off"] = counted
    return found


class Somebody:
    """Books, confirms, moves, cancels and waits at random, for one client after the other, in a thread of its own."""

    def __init__(self, seed: int) -> None:
        """Nothing is done yet."""
        self.chance = random.Random(seed)  # noqa: S311 - the same every time
        self.clients = list(Client.objects.select_related("location"))
        self.staff = list(Membership.objects.filter(role=Role.PRACTITIONER).select_related("user"))
        self.north = Location.objects.get()
        calendar = calendar_for(since=MONDAY, until=LAST, now=NOW)
        self.visits = open_visits(calendar, treatments=[CONSULTATION], since=MONDAY, until=LAST)
        self.ended: Counter[str] = Counter()
        self.ms: list[float] = []

    def go(self, attempts: int) -> None:
        """Make so many attempts."""
        acts: Mapping[Act, int] = {
            self.hold: 30,
            self.hold_any: 10,
            self.book: 10,
            self.confirm: 15,
            self.move: 15,
            self.cancel: 10,
            self.series: 4,
            self.wait: 3,
            self.answer: 3,
        }
        for act in self.chance.choices(list(acts), weights=list(acts.values()), k=attempts):
            begun = time.perf_counter()
            how = self._try(act)
            self.ms.append((time.perf_counter() - begun) * 1000)
            self.ended[how] += 1
        connection.close()

    def _try(self, act: Act) -> str:
        try:
            act()
        except PellucidError as refused:
            return type(refused).__name__
        except Exception as fault:  # noqa: BLE001 - counted, and seen
            return f"failed: {type(fault).__name__}"
        return "done"

    def _client(self) -> Client:
        return self.chance.choice(self.clients)

    def _visit(self) -> Visit:
        return self.chance.choice(self.visits)

    def _by(self, client: Client) -> Booker:
        return Booker(f"client.{client.pk}", None, NOW + timedelta(seconds=self.chance.randrange(APART)))

    def _desk(self) -> Booker:
        member = self.chance.choice(self.staff)
        return Booker(member.user.ref, member, NOW + timedelta(seconds=self.chance.randrange(APART)))

    def _some(self, *states: str) -> Appointment:
        found = list(Appointment.objects.filter(state__in=states).select_related("client").order_by("?")[:1])
        return found[0] if found else appointments.book(client=self._client(), visit=self._visit(), booker=self._desk())

    def hold(self) -> None:
        """Any visit."""
        client = self._client()
        appointments.hold(client=client, visit=self._visit(), booker=self._by(client))

    def hold_any(self) -> None:
        """A time with anybody."""
        client, wanted = self._client(), self._visit()
        visits = [each for each in self.visits if each.starts == wanted.starts]
        appointments.hold_any(client=client, visits=visits, booker=self._by(client))

    def book(self) -> None:
        """As the front desk does."""
        appointments.book(client=self._client(), visit=self._visit(), booker=self._desk())

    def confirm(self) -> None:
        """Something that is held."""
        found = self._some(State.HELD)
        appointments.confirm(appointment=found, version=found.version, booker=self._by(found.client))

    def move(self) -> None:
        """Something that is booked, to any time."""
        found = self._some(*STANDING)
        appointments.reschedule(appointment=found, version=found.version, visit=self._visit(), booker=self._desk())

    def cancel(self) -> None:
        """Something that is booked or held."""
        found = self._some(*STANDING, State.HELD)
        appointments.cancel(appointment=found, version=found.version, reason="", booker=self._desk())

    def series(self) -> None:
        """Three visits at once."""
        client = self._client()
        visits = sorted({self._visit() for _ in range(3)}, key=lambda each: each.starts)
        series.book_series(client=client, visits=visits, booker=self._by(client))

    def wait(self) -> None:
        """For any time of the week."""
        client = self._client()
        waitlist.join(
            client=client,
            location=self.north,
            treatments=[CONSULTATION],
            since=MONDAY,
            until=LAST,
            booker=self._by(client),
        )

    def answer(self) -> None:
        """An offer, after the job that makes offers has run for some time of the week."""
        visit = self._visit()
        waitlist.offer_freed.do(
            now=NOW, location=self.north.pk, since=visit.starts.isoformat(), until=visit.ends.isoformat()
        )
        for offer in WaitlistOffer.objects.filter(state="open").select_related("appointment__client")[:1]:
            act = self.chance.choice((waitlist.accept, waitlist.decline))
            act(offer=offer, booker=self._by(offer.appointment.client))
