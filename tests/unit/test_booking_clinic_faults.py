"""Every fault of a clinic's file, with its place and what to write instead."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.sample_clinic import FILE, content

from pellucid.booking.clinic_file import LARGEST_FILE, calendar_from_json, read_calendar
from pellucid.knowledge.base import Knowledge
from pellucid.model.errors import InputError


def faults(raw: Any, knowledge: Knowledge) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        calendar_from_json(raw, knowledge=knowledge)
    return {problem.where: problem.message for problem in caught.value.problems}


WRONG = [
    # keys and shapes
    ("room", [], "is no table of a calendar; did you mean rooms?"),
    ("locations", None, "is missing; write [[locations]] tables"),
    ("services", None, "is missing; write [[services]] tables"),
    ("rooms", {"id": "room_1"}, "must be a list; write [[rooms]] tables"),
    ("rooms[0]", "room_1", "must be a group of named values"),
    ("rooms[0].knd", "treatment", "is no field here; did you mean kind?"),
    ("rooms[0].zzz", 1, "is no field here"),
    ("rooms[0].kind", None, "is missing"),
    ("rooms[0].id", "Room 1", "must be small letters a to z, digits and _, and start with a letter"),
    ("rooms[0].name", 1, "must be text in quotes"),
    ("rooms[0].name", "x" * 201, "has more than 200 characters"),
    ("locations[0].zone", "", "must not be empty"),
    ("bookings[0].devices", "lamp_1", "must be a list in square brackets, such as []"),
    # hours
    ("practitioners[0].hours", ["09:00-14:00"], "must be a group of named values"),
    ("practitioners[0].hours.monday", [], "is no field here; did you mean mon?"),
    ("practitioners[0].hours.mon[0]", "9-14", 'is no stretch of time; write "09:00-14:00"'),
    ("practitioners[0].hours.mon[0]", 9, 'is no stretch of time; write "09:00-14:00"'),
    ("practitioners[0].hours.mon[0]", "09:00-24:01", "goes beyond 24:00"),
    ("practitioners[0].hours.mon[0]", "09:00-10:60", "goes beyond 24:00"),
    ("practitioners[0].hours.mon[0]", "22:00-06:00", "ends before it starts; past midnight, go on under the next day"),
    ("practitioners[0].hours.mon[0]", "09:00-09:00", "ends before it starts"),
    ("practitioners[0].hours.mon", ["14:00-18:00", "09:00-14:01"], "has stretches that overlap"),
    ("locations[0].extra[0].hours", [], "needs at least one entry"),
    # days and times
    ("locations[0].extra[0].on", "19 December", "is no day; write 2026-12-24"),
    ("locations[0].extra[0].on", "2026-12-19 10:00", "is no day; write 2026-12-24"),
    ("locations[0].extra[0].on", date(1999, 12, 31), "lies outside 2000 to 2100"),
    ("locations[0].closed[0].on", "2026-02-30", "is no day; write 2026-12-24"),
    ("practitioners[0].time_off[0].to", 2027, 'is no day or time; write 2026-12-24 or "2026-12-24 14:00"'),
    ("practitioners[0].time_off[0].to", "20270101", "is no day or time"),
    ("practitioners[0].time_off[0].to", "2027-01-01 24:30", "is no day or time"),
    ("bookings[0].starts", "2026-11-23", 'has no time; write "2026-12-24 14:00"'),
    ("bookings[0].starts", "2026-11-23 10:00:30", "must be on the whole minute"),
    ("bookings[0].starts", "2026-03-29 02:30", "2026-03-29 02:30 doesn't exist in Europe/Madrid: the clock leaps from"),
    ("bookings[0].ends", "2026-03-29 02:00", "doesn't exist in Europe/Madrid: the clock leaps from 02:00 to 03:00"),
    ("practitioners[0].time_off[0].from", "2026-03-29 02:59", "doesn't exist in Europe/Madrid"),
    ("locations[0].closed[0]", {"from": "2026-12-08 10:00", "to": "2026-12-08 10:00"}, "must end after it starts"),
    ("locations[0].closed[0]", {"from": date(2026, 12, 9), "to": date(2026, 12, 8)}, "must end after it starts"),
    ("locations[0].closed[0]", {"from": date(2026, 12, 9)}, "needs either on = a day, or both from = and to ="),
    ("locations[0].closed[0].to", date(2026, 12, 9), "needs either on = a day, or both from = and to ="),
    ("locations[0].closed[0]", {}, "needs either on = a day, or both from = and to ="),
    ("bookings[0].ends", "2026-11-23 10:00", "must lie after the start"),
    ("bookings[0].ends", "2026-11-24 10:01", "is more than a day later"),
    ("bookings[0].fold", 1, "is for a time that comes twice, when the clock is set back; this one doesn't"),
    ("bookings[0].fold", 2, "must be 0 or 1"),
    # numbers
    ("practitioners[0].level", "L5", "is not one of L0, L1, L2, L3, L4"),
    ("practitioners[0].level", 1, "is not one of L0, L1, L2, L3, L4"),
    ("services[0].minutes", 0, "must be at least 1"),
    ("services[0].minutes", 721, "must be at most 720"),
    ("services[0].minutes", "30", "must be a whole number"),
    ("services[0].minutes", True, "must be a whole number"),
    ("services[0].buffer_after", -5, "must be at least 0"),
    ("bookings[0].buffer_before", -5, "must be at least 0"),
    ("services[0].step", 0, "must be at least 1"),
    ("services[0].step", 7, "must divide a day evenly, such as 5, 10, 15, 20, 30 or 60"),
    ("services[0].price", -1, "must not be negative"),
    ("services[0].price", "-0.50", "must not be negative"),
    ("services[0].price", "30 EUR", "is no price; write 45 or 45.50"),
    ("services[0].price", float("nan"), "is no price; write 45 or 45.50"),
    ("services[0].price", Decimal("Infinity"), "is no price; write 45 or 45.50"),
    ("services[0].price", True, "is no price; write 45 or 45.50"),
    ("services[0].currency", "euro", 'is no currency; write its three letters, such as "EUR"'),
    # what leads nowhere
    ("locations[0].zone", "Europe/Madird", "no time zone 'Europe/Madird'; did you mean 'Europe/Madrid'?"),
    ("locations[0].zone", "localtime", "no time zone 'localtime'"),
    ("locations[0].zone", "America/Argentina", "no time zone 'America/Argentina'"),
    ("locations[0].zone", "../Europe/Madrid", "no time zone '../Europe/Madrid'"),
    ("practitioners[0].location", "harbor", "no location 'harbor'; did you mean 'harbour'?"),
    ("locations[0].extra[0].practitioners[0]", "inez", "no practitioner 'inez'; did you mean 'ines'?"),
    ("services[0].treatment", "lid", "no treatment 'lid'; did you mean 'led'?"),
    ("services[0].treatment", "home_deep_clean", "'home_deep_clean' is done at home"),
    ("services[0].room_kind", "treatments", "no kind of room 'treatments'; did you mean 'treatment'?"),
    ("services[0].device_kinds[0]", "lamb", "no kind of device 'lamb'; did you mean 'lamp'?"),
    ("bookings[0].practitioner", "inez", "no practitioner 'inez'; did you mean 'ines'?"),
    ("bookings[0].room", "room_2", "no room 'room_2'; did you mean 'room_1'?"),
    ("bookings[0].devices[0]", "lamp_2", "no device 'lamp_2'; did you mean 'lamp_1'?"),
    ("bookings[0].treatment", "lid", "no treatment 'lid'; did you mean 'led'?"),
    ("bookings[0].treatment", None, "is missing; the booking of a client names it"),
]


@pytest.mark.parametrize(("path", "value", "message"), WRONG)
def test_a_fault_is_named_with_its_place(path: str, value: object, message: str, knowledge: Knowledge) -> None:
    raw = content()
    *folders, last = path.replace("[", ".").replace("]", "").split(".")
    node: Any = raw
    for folder in folders:
        node = node[int(folder)] if folder.isdigit() else node[folder]
    if value is None:
        del node[last]
    else:
        node[int(last) if last.isdigit() else last] = value
    found = faults(raw, knowledge)
    at_entry = path.removesuffix(".to")  # what is wrong with both ends is said of the whole
    assert message in found.get(path, found.get(at_entry, "")), found


def test_price_and_currency_belong_together(knowledge: Knowledge) -> None:
    for name in ("price", "currency"):
        raw = content()
        del raw["services"][0][name]
        assert faults(raw, knowledge) == {"services[0]": "price and currency belong together; give both or neither"}


@pytest.mark.parametrize("table", ["locations", "practitioners", "rooms", "devices", "services"])
def test_an_id_stands_once(table: str, knowledge: Knowledge) -> None:
    raw = content()
    raw[table].append(raw[table][0])
    key = "treatment" if table == "services" else "id"
    assert faults(raw, knowledge)[f"{table}[1].{key}"] == f"{raw[table][0][key]!r} stands here twice"


def test_with_several_locations_each_is_said(knowledge: Knowledge) -> None:
    raw = content()
    raw["locations"].append({"id": "hill", "zone": "Europe/Madrid"})
    raw["rooms"][0]["location"] = raw["devices"][0]["location"] = "hill"
    assert faults(raw, knowledge)["practitioners[0].location"] == "is missing; say which of the locations"
    raw["practitioners"][0]["location"] = "harbour"
    assert faults(raw, knowledge) == {
        "bookings[0].room": "'room_1' is at 'hill', and 'ines' works at 'harbour'",
        "bookings[0].devices[0]": "'lamp_1' is at 'hill', and 'ines' works at 'harbour'",
    }
    raw["practitioners"][0]["location"] = "hill"
    assert faults(raw, knowledge) == {"locations[0].extra[0].practitioners[0]": "'ines' works at another location"}


def test_a_booking_without_service_says_when_it_ends(knowledge: Knowledge) -> None:
    raw = content()
    raw["bookings"][0] = {"practitioner": "ines", "room": "room_1", "starts": "2026-11-23 10:00"}
    message = "is missing; only a treatment of the services has a length of its own"
    assert faults(raw, knowledge) == {"bookings[0].ends": message}


def test_bookings_of_one_person_room_or_device_dont_overlap(knowledge: Knowledge) -> None:
    raw = content()
    raw["practitioners"].append({**raw["practitioners"][0], "id": "mateo"})
    raw["rooms"].append({"id": "room_2", "kind": "treatment"})
    other = {"practitioner": "mateo", "room": "room_2", "starts": "2026-11-23 10:20", "ends": "2026-11-23 11:00"}
    for name, value in {"practitioner": "ines", "room": "room_1", "device": "lamp_1"}.items():
        clash = {"devices": [value]} if name == "device" else {name: value}
        message = f"overlaps bookings[0]: both take up the {name} {value!r}, buffers included"
        assert faults({**raw, "bookings": [*raw["bookings"], {**other, **clash}]}, knowledge) == {
            "bookings[1]": message
        }
    apart = {**raw, "bookings": [{**other, "practitioner": "ines", "starts": "2026-11-23 10:40"}, *raw["bookings"]]}
    assert len(calendar_from_json(apart, knowledge=knowledge).bookings) == 2
    apart["bookings"][0]["starts"] = "2026-11-23 10:39"
    assert list(faults(apart, knowledge)) == ["bookings[0]"]


def test_a_short_booking_within_a_long_one_hides_no_other(knowledge: Knowledge) -> None:
    raw = content()
    hours = [("09:00", "12:00"), ("09:30", "10:00"), ("11:00", "11:30")]
    raw["bookings"] = [
        {
            "practitioner": "ines",
            "room": "room_1",
            "starts": f"2026-11-23 {since}",
            "ends": f"2026-11-23 {until}",
        }
        for since, until in hours
    ]
    assert set(faults(raw, knowledge)) == {"bookings[1]", "bookings[2]"}


def test_a_device_stands_once_in_a_booking(knowledge: Knowledge) -> None:
    raw = content()
    raw["bookings"][0]["devices"] = ["lamp_1", "lamp_1"]
    assert faults(raw, knowledge) == {"bookings[0].devices[1]": "'lamp_1' stands here twice"}


def test_all_faults_come_at_once_and_bring_forth_no_others(knowledge: Knowledge) -> None:
    raw = content()
    raw["locations"][0]["zone"] = "Madrid"
    raw["practitioners"][0]["level"] = "senior"
    raw["rooms"][0]["kind"] = raw["devices"][0]["kind"] = 3
    raw["services"].append({"treatment": "extractoin", "minutes": -30, "room_kind": "treatment"})
    raw["bookings"][0]["room"] = "cellar"
    raw["bookings"].append({"practitioner": "inez", "room": "room_1", "starts": "soon", "treatment": "extraction"})
    raw["locations"][0]["closed"] = [{"from": date(2026, 12, 9), "to": date(2026, 12, 8)}]
    assert set(faults(raw, knowledge)) == {
        "locations[0].zone",
        "locations[0].closed[0]",
        "practitioners[0].level",
        "rooms[0].kind",
        "devices[0].kind",
        "services[1].treatment",
        "services[1].minutes",
        "bookings[0].room",
        "bookings[1].practitioner",
        "bookings[1].starts",
    }


def test_a_booking_by_the_clock_of_an_unknown_zone_still_ends_after_it_starts(knowledge: Knowledge) -> None:
    raw = content()
    raw["locations"][0]["zone"] = "Europe/Madrit"
    raw["bookings"][0] |= {"starts": "2026-11-23 10:00", "ends": "2026-11-23 09:00"}
    assert faults(raw, knowledge)["bookings[0].ends"] == "must lie after the start"
    raw["bookings"][0]["starts"] = "2026-11-23 10:00+02:00"  # what lies first hangs on the zone
    assert set(faults(raw, knowledge)) == {"locations[0].zone"}


@pytest.mark.parametrize(
    ("path", "value"),
    [("rooms[0].id", 5), ("practitioners[0].id", None), ("services[0].treatment", "lid"), ("locations", None)],
)
def test_what_is_not_named_rightly_is_not_missed_elsewhere(path: str, value: object, knowledge: Knowledge) -> None:
    """A booking in a room whose id can't be read is not in an unknown room: the room's own fault says enough."""
    raw = content()
    *folders, last = path.replace("[", ".").replace("]", "").split(".")
    node: Any = raw
    for folder in folders:
        node = node[int(folder)] if folder.isdigit() else node[folder]
    if value is None:
        del node[last]
    else:
        node[last] = value
    assert set(faults(raw, knowledge)) == {path}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"[[rooms]\n", "is not TOML: "),
        (b"name = '\xff'", "is not text in UTF-8; save it as TOML"),
        (b"a = " + b"[" * 5000, "is nested too deeply"),
        (b"# " + b"x" * LARGEST_FILE, "is larger than 5,000,000 bytes; leave out past bookings"),
    ],
)
def test_a_file_that_cant_be_used(text: bytes, message: str, knowledge: Knowledge, tmp_path: Path) -> None:
    file = tmp_path / "clinic.toml"
    file.write_bytes(text)
    with pytest.raises(InputError, match=message) as caught:
        read_calendar(file, knowledge=knowledge)
    assert caught.value.problems[0].where == str(file)


def test_a_file_that_isnt_there(knowledge: Knowledge, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"clinic\.toml: can't be read: No such file"):
        read_calendar(tmp_path / "clinic.toml", knowledge=knowledge)


def test_faults_name_the_file(knowledge: Knowledge, tmp_path: Path) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text(FILE.replace('id = "lamp_1"', 'id = "lamp_2"'), "utf-8")
    with pytest.raises(InputError) as caught:
        read_calendar(file, knowledge=knowledge)
    assert str(caught.value) == f"{file}: bookings[0].devices[0]: no device 'lamp_1'; did you mean 'lamp_2'?"


@pytest.mark.parametrize("value", [3, "calendar", [], None])
def test_plain_data_that_is_no_calendar(value: object, knowledge: Knowledge) -> None:
    with pytest.raises(InputError) as caught:
        calendar_from_json(value, knowledge=knowledge, where="calendar")
    assert str(caught.value) == "calendar: must hold named tables, such as locations"
