"""A calendar of somebody's own, read for when they are busy: what counts, by whose clock, what is refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pellucid.booking.minutes import moment_of
from pellucid.exchange import busy_ical
from pellucid.exchange.busy_ical import BusyFileError, read_busy

MADRID = "Europe/Madrid"
SINCE, UNTIL = date(2026, 10, 19), date(2026, 11, 8)
"""Three weeks from a Monday on; on 25 October the clocks in Madrid go back."""

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n"
FOOT = "END:VCALENDAR\r\n"


def event(*lines: str, uid: str = "example-1") -> str:
    body = "".join(f"{line}\r\n" for line in lines)
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261001T000000Z\r\nSUMMARY:Secret\r\n{body}END:VEVENT\r\n"


def file(*parts: str, head: str = "") -> bytes:
    return (HEAD + head + "".join(parts) + FOOT).encode()


def busy(*parts: str, **more: Any) -> list[str]:
    """When somebody is busy, in UTC."""
    asked = {"since": SINCE, "until": UNTIL, "zone": MADRID, **more}
    return told(read_busy(file(*parts), **asked))


def told(runs: Any) -> list[str]:
    return [f"{moment_of(since):%m-%d %H:%M} to {moment_of(until):%m-%d %H:%M}" for since, until in runs]


# --- what counts --------------------------------------------------------------------------------------------

TIMES = "DTSTART:20261020T100000Z", "DTEND:20261020T113000Z"
ONCE = ["10-20 10:00 to 10-20 11:30"]


def test_an_event_takes_up_its_time() -> None:
    assert busy(event(*TIMES)) == ONCE
    assert busy(event(TIMES[0], "DURATION:PT1H30M")) == ONCE


def test_nothing_in_it_is_nothing_busy() -> None:
    assert busy() == []
    assert busy("BEGIN:VTODO\r\nUID:example-2\r\nDUE:20261020T100000Z\r\nEND:VTODO\r\n") == []


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_what_is_free_or_cancelled_doesnt_count(line: str) -> None:
    assert busy(event(*TIMES, line)) == []


@pytest.mark.parametrize("line", ["TRANSP:OPAQUE", "STATUS:TENTATIVE", "STATUS:CONFIRMED", "CLASS:PRIVATE"])
def test_what_is_perhaps_or_hidden_counts(line: str) -> None:
    assert busy(event(*TIMES, line)) == ONCE


def test_an_event_without_a_length_takes_up_no_time() -> None:
    assert busy(event(TIMES[0])) == []


def test_seconds_are_rounded_outwards() -> None:
    assert busy(event("DTSTART:20261020T100059Z", "DTEND:20261020T110001Z")) == ["10-20 10:00 to 10-20 11:01"]


def test_times_that_overlap_or_touch_are_one() -> None:
    other = event("DTSTART:20261020T113000Z", "DTEND:20261020T120000Z", uid="example-2")
    assert busy(other, event(*TIMES)) == ["10-20 10:00 to 10-20 12:00"]


def test_only_the_days_that_are_asked_for_are_kept() -> None:
    long = event("DTSTART:20261001T000000Z", "DTEND:20261020T000000Z")
    after = event("DTSTART:20261108T220000Z", "DTEND:20261109T120000Z", uid="example-2")
    never = event("DTSTART:20251020T100000Z", "DTEND:20251020T113000Z", uid="example-3")
    assert busy(long, after, never) == ["10-18 22:00 to 10-20 00:00", "11-08 22:00 to 11-08 23:00"]


def test_lists_of_busy_times_count() -> None:
    block = (
        "BEGIN:VFREEBUSY\r\nUID:example-2\r\nDTSTAMP:20261001T000000Z\r\n"
        "FREEBUSY:20261020T100000Z/20261020T110000Z,20261021T100000Z/PT30M\r\n"
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261022T100000Z/PT1H\r\n"
        "FREEBUSY;FBTYPE=FREE:20261023T100000Z/PT1H\r\nEND:VFREEBUSY\r\n"
    )
    assert busy(block) == ["10-20 10:00 to 10-20 11:00", "10-21 10:00 to 10-21 10:30", "10-22 10:00 to 10-22 11:00"]


def test_several_calendars_in_one_file_all_count() -> None:
    other = file(event("DTSTART:20261021T100000Z", "DTEND:20261021T110000Z", uid="example-2"))
    text = file(event(*TIMES)) + other
    assert len(read_busy(text, since=SINCE, until=UNTIL, zone=MADRID)) == 2


# --- by whose clock -----------------------------------------------------------------------------------------


def test_whole_days_are_those_of_the_zone() -> None:
    day = event("DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261027")
    assert busy(day) == ["10-24 22:00 to 10-26 23:00"]
    assert busy(day, zone="Australia/Lord_Howe") == ["10-24 13:00 to 10-26 13:00"]
    assert busy(event("DTSTART;VALUE=DATE:20261025")) == ["10-24 22:00 to 10-25 23:00"]


def test_times_without_a_zone_are_those_of_the_zone() -> None:
    floating = event("DTSTART:20261020T100000", "DTEND:20261020T110000")
    assert busy(floating) == ["10-20 08:00 to 10-20 09:00"]
    assert busy(floating, zone="Asia/Kolkata") == ["10-20 04:30 to 10-20 05:30"]


def test_times_with_a_zone_are_its_own() -> None:
    there = event("DTSTART;TZID=Pacific/Chatham:20261020T100000", "DTEND;TZID=Pacific/Chatham:20261020T110000")
    assert busy(there) == ["10-19 20:15 to 10-19 21:15"]


@pytest.mark.parametrize("name", ["Europe/Madrid", "W. Europe Standard Time"])
def test_the_zone_of_the_whole_file_changes_no_time(name: str) -> None:
    text = file(event(*TIMES), head=f"X-WR-TIMEZONE:{name}\r\n")
    assert told(read_busy(text, since=SINCE, until=UNTIL, zone="Asia/Kolkata")) == ONCE


def test_what_repeats_in_utc_keeps_the_time_of_the_whole_files_zone() -> None:
    """Some programs write all times in UTC, and the zone that they are meant in once for all."""
    weekly = event("DTSTART:20260105T090000Z", "DTEND:20260105T100000Z", "RRULE:FREQ=WEEKLY")
    text = file(weekly, head="X-WR-TIMEZONE:Europe/Madrid\r\n")
    found = told(read_busy(text, since=SINCE, until=UNTIL, zone="UTC"))
    assert found[:2] == ["10-19 08:00 to 10-19 09:00", "10-26 09:00 to 10-26 10:00"]


def test_a_zone_that_the_file_describes_is_its_own() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Somewhere\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    there = event("DTSTART;TZID=Somewhere:20261020T100000", "DTEND;TZID=Somewhere:20261020T110000")
    assert busy(zone, there) == ["10-20 07:00 to 10-20 08:00"]


# --- what repeats -------------------------------------------------------------------------------------------

WEEKLY = "DTSTART;TZID=Europe/Madrid:20260105T100000", "DTEND;TZID=Europe/Madrid:20260105T110000", "RRULE:FREQ=WEEKLY"


def test_what_repeats_keeps_its_time_on_the_clock() -> None:
    assert busy(event(*WEEKLY)) == [
        "10-19 08:00 to 10-19 09:00",
        "10-26 09:00 to 10-26 10:00",
        "11-02 09:00 to 11-02 10:00",
    ]


def test_floating_times_that_repeat_keep_theirs() -> None:
    weekly = event("DTSTART:20260105T100000", "DTEND:20260105T110000", "RRULE:FREQ=WEEKLY;UNTIL=20261026T100000")
    assert busy(weekly) == ["10-19 08:00 to 10-19 09:00", "10-26 09:00 to 10-26 10:00"]


def test_days_that_are_taken_out_dont_count() -> None:
    assert len(busy(event(*WEEKLY, "EXDATE;TZID=Europe/Madrid:20261026T100000"))) == 2


def test_a_day_that_is_changed_counts_as_it_is_now() -> None:
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Madrid:20261026T100000", "DTSTART:20261028T170000Z", "DTEND:20261028T180000Z"
    )
    assert busy(event(*WEEKLY), moved) == [
        "10-19 08:00 to 10-19 09:00",
        "10-28 17:00 to 10-28 18:00",
        "11-02 09:00 to 11-02 10:00",
    ]


def test_a_day_that_is_cancelled_doesnt_count() -> None:
    gone = event(
        "RECURRENCE-ID;TZID=Europe/Madrid:20261026T100000",
        "DTSTART;TZID=Europe/Madrid:20261026T100000",
        "DTEND;TZID=Europe/Madrid:20261026T110000",
        "STATUS:CANCELLED",
    )
    assert len(busy(event(*WEEKLY), gone)) == 2


def test_days_that_come_on_top_count() -> None:
    assert "10-21 08:00 to 10-21 09:00" in busy(event(*WEEKLY, "RDATE;TZID=Europe/Madrid:20261021T100000"))


def test_whole_days_that_repeat_count() -> None:
    holiday = event("DTSTART;VALUE=DATE:20001102", "RRULE:FREQ=YEARLY")
    assert busy(holiday) == ["11-01 23:00 to 11-02 23:00"]


def test_events_without_an_id_are_events_of_their_own() -> None:
    nameless = [event(*TIMES).replace("UID:example-1\r\n", ""), event(*WEEKLY).replace("UID:example-1\r\n", "")]
    assert len(busy(*nameless)) == 4


# --- what is refused ----------------------------------------------------------------------------------------


def refused(text: bytes) -> str:
    with pytest.raises(BusyFileError) as caught:
        read_busy(text, since=SINCE, until=UNTIL, zone=MADRID)
    return str(caught.value)


@pytest.mark.parametrize("text", [b"", b"<html>Sign in</html>", b"\x00\xff", event(*TIMES).encode()])
def test_what_is_no_calendar_is_refused(text: bytes) -> None:
    assert "not a calendar file" in refused(text)


@pytest.mark.parametrize("cut", [-1, -20, -60, 60])
def test_a_file_that_is_cut_off_is_refused(cut: int) -> None:
    """What is missing may be a time at which somebody is busy."""
    text = file(event(*TIMES)).rstrip()
    assert "cut off" in refused(text[:cut])


def test_a_file_that_is_not_in_utf_8_is_refused() -> None:
    assert "UTF-8" in refused(file(event(*TIMES, "LOCATION:Café")).decode().encode("latin-1"))


def test_a_mark_at_the_beginning_and_bare_line_ends_are_fine() -> None:
    text = b"\xef\xbb\xbf" + file(event(*TIMES)).replace(b"\r\n", b"\n")
    assert told(read_busy(text, since=SINCE, until=UNTIL, zone=MADRID)) == ONCE


@pytest.mark.parametrize("line", ["no line of a calendar", "BEGIN:VEVENT\r\nDTSTART;TZID=Europe:20261020T100000"])
def test_a_line_that_is_none_is_refused(line: str) -> None:
    assert "a line that can't be read" in refused(file(f"{line}\r\n"))


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("DTSTART:2026102", TIMES[1]), "an entry without a start can't be read: its DTSTART is missing or wrong"),
        ((TIMES[1],), "an entry without a start can't be read: its DTSTART is missing or wrong"),
        ((TIMES[0], "DTEND:noon"), "the entry that begins on 2026-10-20 can't be read: its DTEND is missing or wrong"),
        ((*TIMES, "RRULE:FREQ=SOMETIMES"), "the entry that begins on 2026-10-20 can't be read: its RRULE is"),
        ((*TIMES, "EXDATE:never"), "the entry that begins on 2026-10-20 can't be read: its EXDATE is"),
        ((*TIMES, "RRULE:FREQ=SECONDLY"), "the entry that begins on 2026-10-20 repeats too often on one day"),
        ((*TIMES, "RRULE:FREQ=HOURLY;COUNT=3"), "the entry that begins on 2026-10-20 repeats too often on one day"),
        ((*TIMES, "RRULE:FREQ=DAILY;INTERVAL=0"), "the entry that begins on 2026-10-20 repeats too often on one day"),
        ((TIMES[0], "DURATION:P400D", "RRULE:FREQ=DAILY"), "the entry that begins on 2026-10-20 repeats, and lasts"),
        (
            (TIMES[1], "DTSTART:20261020T120000Z", "RRULE:FREQ=DAILY"),
            "the entry that begins on 2026-10-20 repeats, and",
        ),
        ((TIMES[0], "DTEND:02611020T110000Z"), "the entry that begins on 2026-10-20 has a day in a year that can't be"),
        (
            ("DTSTART;TZID=Nowhere:20261020T100000", TIMES[1]),
            "the entry that begins on 2026-10-20 is in a time zone that",
        ),
        ((*TIMES, "DTSTART:20261021T100000Z"), "an entry without a start can't be worked out"),
    ],
)
def test_an_entry_that_cant_be_read_is_named_by_its_day_alone(lines: tuple[str, ...], fault: str) -> None:
    words = refused(file(event(*lines)))
    assert words.startswith(fault)
    assert "Secret" not in words


def test_many_repetitions_on_one_day_are_refused() -> None:
    minutes = ",".join(map(str, range(60)))
    assert "repeats too often" in refused(file(event(*TIMES, f"RRULE:FREQ=DAILY;BYMINUTE={minutes}")))


def test_a_fault_where_nothing_hangs_on_it_is_none() -> None:
    assert busy(event(*TIMES, "LAST-MODIFIED:yesterday")) == ONCE


def test_a_list_of_busy_times_that_cant_be_read_is_refused() -> None:
    block = "BEGIN:VFREEBUSY\r\nUID:example-2\r\nFREEBUSY:always\r\nEND:VFREEBUSY\r\n"
    assert "a line that can't be read" in refused(file(block))


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(busy_ical, "LARGEST", 1_000_000)
    assert "larger than 1 megabytes" in refused(file(event(*TIMES), "X-LONG:" + "x" * 1_000_000 + "\r\n"))


def test_too_many_entries_and_busy_times_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(busy_ical, "MOST", 2)
    three = (event(*TIMES, uid=f"example-{number}") for number in range(3))
    assert "more than 2 entries" in refused(file(*three))
    assert "more than 2 busy times" in refused(file(event(*WEEKLY)))


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule can ask for a day that never comes, and is looked for until the year 9999."""
    monkeypatch.setattr(busy_ical, "PATIENCE", -1.0)
    assert "takes too long" in refused(file(event(*TIMES)))


def test_a_moment_of_the_result_is_a_whole_minute_in_utc() -> None:
    ((since, _),) = read_busy(file(event(*TIMES)), since=SINCE, until=UNTIL, zone=MADRID)
    assert moment_of(since) == datetime(2026, 10, 20, 10, tzinfo=UTC)
