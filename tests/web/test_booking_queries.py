"""The clinic's calendar out of the tables, and visits as pages read them: as many queries for few as for many."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.booking_cast import (
    FACIAL,
    MONDAY,
    NOW,
    PEEL,
    make_hours,
    make_resources,
    make_service,
    moment,
    screened,
)
from tests.web.booking_visits import as_client, as_staff, starts, visit_at
from tests.web.cast import make_staff

from pellucid.booking.availability import offers_visit
from pellucid.booking.minutes import minute_of
from pellucid.model.levels import Level
from pellucid.web.accounts.models import Role, User
from pellucid.web.records.actions.appointments import book, cancel, confirm, hold, reschedule
from pellucid.web.records.models import BusyFeed, BusySpan, ExtraHours, Schedule, TimeOff
from pellucid.web.records.models.appointment import State
from pellucid.web.records.queries import appointments as reads
from pellucid.web.records.queries.calendar import calendar_for, visit_of, visits_for
from pellucid.web.sites.models import CONSULTATION, Closure, Device, Location, Room, Service

pytestmark = pytest.mark.django_db

TUESDAY = MONDAY + timedelta(days=1)
SUNDAY = MONDAY - timedelta(days=1)


def asked(**changed: Any) -> int:
    """How many queries it takes to see what is free."""
    with CaptureQueriesContext(
        connection,
    ) as caught:
        visits_for(**{"treatments": [CONSULTATION], "since": MONDAY, "until": MONDAY, "now": NOW, **changed})
    return len(caught)


def names(treatments: list[str], **changed: Any) -> set[str]:
    """The practitioners who have time on Monday."""
    found = visits_for(**{"treatments": treatments, "since": MONDAY, "until": MONDAY, "now": NOW, **changed})
    return {each.practitioner for each in found}


@pytest.mark.usefixtures("bookable")
def test_it_takes_as_many_queries_for_one_day_as_for_ninety_and_for_two_people_as_for_forty(
    alice: User, north: Location
) -> None:
    ExtraHours.objects.create(location=north, on=SUNDAY, hours=["10:00-12:00"])
    before = asked()
    for number in range(40):
        make_hours(make_staff(f"Nora{number}", Role.PRACTITIONER, level=Level.L1, location=north), north)
    make_resources(north, rooms=20)
    for at in ("09:00", "10:00", "11:00"):
        book(client=alice.client, visit=visit_at(at), booker=as_staff(make_staff(f"Bo{at[:2]}", Role.OWNER)))
    assert asked() == asked(until=MONDAY + timedelta(days=90)) == before <= 14


@pytest.mark.usefixtures("bookable")
def test_a_visit_that_was_booked_is_read_back_as_the_calendar_would_offer_it(alice: User, petra: User) -> None:
    made = book(client=alice.client, visit=visit_at("10:00", who=petra), booker=as_staff(petra))
    read = visit_of(made)
    assert read == visit_at("10:00", who=petra, but=made)
    calendar = calendar_for(since=MONDAY, until=MONDAY, now=NOW)
    assert offers_visit(calendar, read) == "busy_practitioner"
    assert offers_visit(calendar_for(since=MONDAY, until=MONDAY, now=NOW, but=made), read) is None


@pytest.mark.usefixtures("rooms", "booking_services")
def test_whoever_works_at_two_places_is_taken_up_at_both(
    alice: User, petra: User, north: Location, south: Location
) -> None:
    make_resources(south)
    Service.objects.get(treatment=CONSULTATION).locations.add(south)
    make_hours(petra, north)
    make_hours(petra, south)
    pk = petra.membership.pk
    assert names([CONSULTATION]) == {f"{pk}.north", f"{pk}.south"}
    assert names([CONSULTATION], location=south) == {f"{pk}.south"}
    there = visits_for(treatments=[CONSULTATION], since=MONDAY, until=MONDAY, location=south, now=NOW)
    made = book(client=alice.client, visit=there[0], booker=as_staff(petra))
    assert made.location == south
    assert visit_of(made).practitioner == f"{pk}.south"
    left = visits_for(treatments=[CONSULTATION], since=MONDAY, until=MONDAY, now=NOW)
    assert not [each for each in left if each.starts < made.ends]


@pytest.mark.usefixtures("bookable")
def test_a_service_is_offered_only_where_it_is_done(omar: User, south: Location) -> None:
    make_resources(south)
    make_hours(omar, south)
    assert names([FACIAL], location=south) == set()
    assert str(omar.membership.pk) not in names([FACIAL])
    there = calendar_for(since=MONDAY, until=MONDAY, location=south, now=NOW)
    assert [each.treatment for each in there.services] == []
    Service.objects.get(treatment=FACIAL).locations.add(south)
    assert names([FACIAL], location=south) == {str(omar.membership.pk)}
    north_alone = visit_at("10:00", [FACIAL])
    Service.objects.get(treatment=FACIAL).locations.set([south])
    assert offers_visit(calendar_for(since=MONDAY, until=MONDAY, now=NOW), north_alone) == "wrong_location"


@pytest.mark.usefixtures("bookable")
def test_levels_are_the_clinics_or_else_the_knowledges(petra: User, doris: User) -> None:
    assert names([PEEL]) == {str(doris.membership.pk)}
    assert names([FACIAL]) == {str(petra.membership.pk), str(doris.membership.pk)}
    Service.objects.filter(treatment=FACIAL).update(level=Level.L2)
    assert names([FACIAL]) == {str(doris.membership.pk)}


@pytest.mark.usefixtures("bookable")
def test_what_is_not_in_use_is_left_out(petra: User, doris: User, north: Location) -> None:
    assert names([CONSULTATION]) == {str(petra.membership.pk), str(doris.membership.pk)}
    petra.membership.active = False
    petra.membership.save()
    assert names([CONSULTATION]) == {str(doris.membership.pk)}
    Room.objects.update(active=False)
    assert names([CONSULTATION]) == set()
    Room.objects.update(active=True)
    Service.objects.filter(treatment=CONSULTATION).update(active=False)
    assert names([CONSULTATION]) == set()
    Service.objects.filter(treatment=CONSULTATION).update(active=True, device_kinds=["lamp"])
    assert names([CONSULTATION]) == set()
    lamp = Device.objects.create(location=north, name="Lamp", kind="lamp")
    assert names([CONSULTATION]) == {str(doris.membership.pk)}
    Device.objects.filter(pk=lamp.pk).update(active=False)
    assert names([CONSULTATION]) == set()


@pytest.mark.usefixtures("bookable")
def test_a_service_whose_treatment_the_knowledge_does_not_have_is_not_offered(north: Location) -> None:
    make_service("moon_dust_wrap", north)
    assert names(["moon_dust_wrap"]) == set()


@pytest.mark.usefixtures("bookable")
def test_closures_time_off_breaks_and_busy_times_take_hours_away(petra: User, north: Location) -> None:
    every = starts(who=petra)
    assert (every[0], every[-1]) == ("09:00", "17:30")
    schedule = Schedule.objects.get(membership=petra.membership)
    schedule.breaks = {"mon": ["12:00-13:00"]}
    schedule.save()
    assert not {"11:45", "12:00", "12:45"} & set(starts(who=petra))
    Closure.objects.create(location=north, starts=moment(MONDAY, "16:00"), ends=moment(TUESDAY, "16:00"))
    assert starts(who=petra)[-1] == "15:30"
    TimeOff.objects.create(membership=petra.membership, starts=moment(MONDAY, "09:00"), ends=moment(MONDAY, "10:00"))
    assert starts(who=petra)[0] == "10:00"
    feed = BusyFeed.objects.create(membership=petra.membership, name="At home")
    BusySpan.objects.create(
        feed=feed, since=minute_of(moment(MONDAY, "10:00")), until=minute_of(moment(MONDAY, "11:00"))
    )
    assert starts(who=petra)[0] == "11:00"


@pytest.mark.usefixtures("bookable")
def test_extra_hours_are_for_those_named_and_for_nobody_else_when_they_have_gone(
    petra: User, doris: User, north: Location
) -> None:
    extra = ExtraHours.objects.create(location=north, on=SUNDAY, hours=["10:00-11:00"])
    assert starts(on=SUNDAY, who=petra) == starts(on=SUNDAY, who=doris) == ["10:00", "10:15", "10:30"]
    extra.members.add(doris.membership)
    assert starts(on=SUNDAY, who=petra) == []
    assert starts(on=SUNDAY, who=doris) == ["10:00", "10:15", "10:30"]
    doris.membership.active = False
    doris.membership.save()
    assert starts(on=SUNDAY) == []


@pytest.mark.usefixtures("bookable")
def test_somebody_may_work_somewhere_on_a_single_day_alone(doris: User, omar: User, north: Location) -> None:
    extra = ExtraHours.objects.create(location=north, on=SUNDAY, hours=["10:00-11:00"])
    extra.members.add(omar.membership)
    assert starts(on=SUNDAY, who=doris) == []
    assert starts(on=SUNDAY, who=omar) == ["10:00", "10:15", "10:30"]
    assert starts(on=MONDAY, who=omar) == []


@pytest.mark.usefixtures("bookable")
def test_a_hold_counts_until_it_has_run_out(alice: User, petra: User) -> None:
    held = hold(client=alice.client, visit=visit_at("10:00", who=petra), booker=as_client(alice))
    assert held.held_until is not None

    def free(now: datetime) -> bool:
        found = visits_for(
            treatments=[CONSULTATION], since=MONDAY, until=MONDAY, practitioner=petra.membership, now=now
        )
        return moment(MONDAY, "10:00") in {each.starts for each in found}

    assert not free(NOW)
    assert not free(held.held_until - timedelta(seconds=1))
    assert free(held.held_until)


@pytest.mark.usefixtures("bookable")
def test_a_visit_that_is_to_be_moved_leaves_its_own_time_free(alice: User, petra: User) -> None:
    made = book(client=alice.client, visit=visit_at("10:00", who=petra), booker=as_staff(petra))
    found = visits_for(treatments=[CONSULTATION], since=MONDAY, until=MONDAY, practitioner=petra.membership, now=NOW)
    moving = visits_for(
        treatments=[CONSULTATION], since=MONDAY, until=MONDAY, practitioner=petra.membership, now=NOW, but=made
    )
    assert made.starts not in {each.starts for each in found}
    assert made.starts in {each.starts for each in moving}


@pytest.mark.usefixtures("bookable")
def test_nothing_sooner_than_the_notice_is_offered() -> None:
    soon = moment(MONDAY, "08:00")
    found = visits_for(
        treatments=[CONSULTATION], since=MONDAY, until=MONDAY, now=soon, notice=timedelta(hours=2, minutes=10)
    )
    assert found[0].starts == moment(MONDAY, "10:15")


# --- visits as pages read them --------------------------------------------------------------------------------


@pytest.mark.usefixtures("bookable")
def test_a_client_reads_their_own_visits_and_no_others(alice: User, bob: User, petra: User) -> None:
    first = book(client=alice.client, visit=visit_at("10:00"), booker=as_staff(petra))
    second = book(client=alice.client, visit=visit_at("12:00"), booker=as_staff(petra))
    others = book(client=bob.client, visit=visit_at("14:00"), booker=as_staff(petra))
    assert [each.pk for each in reads.of_client(alice.client)] == [second.pk, first.pk]
    assert [each.pk for each in reads.coming(alice.client, now=NOW)] == [first.pk, second.pk]
    assert [each.pk for each in reads.coming(alice.client, now=first.ends)] == [second.pk]
    assert reads.own(alice.client, first.pk) == first
    assert reads.own(alice.client, others.pk) is None
    cancel(appointment=first, version=first.version, reason="", booker=as_staff(petra))
    assert [each.pk for each in reads.coming(alice.client)] == [second.pk]
    assert len(reads.of_client(alice.client)) == 2


@pytest.mark.usefixtures("bookable")
def test_a_day_is_the_locations_own_and_staff_see_their_own_location(
    alice: User, petra: User, frida: User, omar: User, north: Location
) -> None:
    made = book(client=alice.client, visit=visit_at("09:00"), booker=as_staff(petra))
    assert made.starts == datetime(MONDAY.year, MONDAY.month, MONDAY.day, 1, tzinfo=UTC)
    assert reads.on_day(frida.membership, north, MONDAY) == [made]
    assert reads.on_day(frida.membership, north, TUESDAY) == []
    assert reads.on_day(omar.membership, north, MONDAY) == []


@pytest.mark.usefixtures("bookable")
def test_reading_a_day_takes_as_many_queries_for_one_visit_as_for_six(
    alice: User, petra: User, frida: User, north: Location
) -> None:
    member = frida.membership

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            for each in reads.on_day(member, north, MONDAY):
                assert each.client.name
                assert each.practitioner.user.name
                assert [part.room.name for part in each.parts.all()]
        return len(caught)

    book(client=alice.client, visit=visit_at("09:00"), booker=as_staff(petra))
    before = cost()
    for at in ("10:00", "11:00", "12:00", "13:00", "14:00"):
        book(client=alice.client, visit=visit_at(at), booker=as_staff(petra))
    assert cost() == before


@pytest.mark.usefixtures("bookable")
def test_the_token_changes_with_every_change_on_these_days_and_with_no_other(
    alice: User, petra: User, north: Location
) -> None:
    def token(on: date = MONDAY) -> str:
        return reads.changes_token(north, on, on)

    seen = [token()]
    held = hold(client=alice.client, visit=visit_at("10:00", who=petra), booker=as_client(alice))
    seen.append(token())
    made = confirm(appointment=held, version=held.version, booker=as_client(alice, after=timedelta(minutes=1)))
    seen.append(token())
    other = token(TUESDAY)
    at = visit_at("11:00", who=petra, but=made)
    moved = reschedule(
        appointment=made, version=made.version, visit=at, booker=as_staff(petra, after=timedelta(hours=1))
    )
    seen.append(token())
    assert token(TUESDAY) == other
    away = visit_at("11:00", on=TUESDAY, who=petra)
    booker = as_staff(petra, after=timedelta(hours=2))
    moved = reschedule(appointment=moved, version=moved.version, visit=away, booker=booker)
    seen.append(token())
    assert token(TUESDAY) != other
    feed = BusyFeed.objects.create(membership=petra.membership, name="At home")
    since = minute_of(moment(MONDAY, "10:00"))
    BusySpan.objects.create(feed=feed, since=since, until=since + 60)
    seen.append(token())
    assert len(set(seen)) == len(seen) - 1, "an empty day is the same whatever was on it before"
    assert token() == token()
    assert moved.state == State.BOOKED


@pytest.mark.usefixtures("bookable")
def test_a_visit_waits_for_the_signature_of_somebody_whose_level_is_enough(
    alice: User, petra: User, doris: User, frida: User
) -> None:
    screened(alice)
    made = book(client=alice.client, visit=visit_at("10:00", [PEEL]), booker=as_staff(doris))
    assert made.state == State.TENTATIVE
    assert reads.to_sign(doris.membership, now=NOW) == [made]
    assert reads.to_sign(petra.membership, now=NOW) == []
    assert reads.to_sign(frida.membership, now=NOW) == []
    assert reads.to_sign(doris.membership, now=made.ends) == []
