"""Many who want the same at one moment, and servers that are killed: never a double booking, never half of one.

On SQLite two hundred threads with a connection each stand at the gate at once. A PostgreSQL server lets in a hundred
and is shared, so there forty make the two hundred attempts.
"""

import json

import pytest
from tests.web.apart import Apart, apart, migrated
from tests.web.booking_scenes import CROWD, SCENES
from tests.web.test_project_databases import postgres

__all__ = ["apart", "migrated", "postgres"]

ON_POSTGRES = 40
PLAY = "from tests.web.booking_scenes import play; play({threads})"
KILL = "from tests.web.booking_killed import play; play()"
STEPS = ("midway", "afterwards", "again")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Apart:
    """A migrated database of one's own, of each kind."""
    if request.param == "sqlite":
        found: Apart = request.getfixturevalue("apart")
        return found
    found = request.getfixturevalue("postgres")
    ended = found.django("migrate", "--verbosity=0")
    assert ended.returncode == 0, ended.stderr
    return found


def test_of_a_crowd_exactly_as_many_win_as_there_is_room_for(database: Apart, request: pytest.FixtureRequest) -> None:
    threads = ON_POSTGRES if "DATABASE_URL" in database.environment else CROWD
    process = database.start(PLAY.format(threads=threads))
    said, _ = process.communicate(timeout=900)
    found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert {each["scene"]: each["fault"] for each in found} == {scene.__name__: "" for scene in SCENES}, said


def test_a_server_killed_while_it_books_leaves_all_of_it_or_nothing(database: Apart) -> None:
    said = database.run(KILL)
    found = {tuple(each["step"]): (each["visits"], each["letters"]) for each in map(json.loads, said.splitlines())}
    nothing: tuple[list[str], list[str]] = ([], [])
    booked = (["23 10:00"], ["visit_confirmed"])
    series = (["23 11:00", "30 11:00", "07 11:00"], ["visit_confirmed"] * 3)
    not_moved, moved = (["23 12:00"], ["visit_confirmed"]), (["23 15:00"], ["visit_moved"])
    assert [found["book", step] for step in STEPS] == [nothing, booked, booked]
    assert [found["series", step] for step in STEPS] == [nothing, series, series]
    assert [found["reschedule", step] for step in STEPS] == [not_moved, moved, moved]
