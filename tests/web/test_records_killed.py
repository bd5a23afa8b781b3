"""The server is killed in the midst of a write: there is all of it or nothing, and it can be done again."""

from tests.web.apart import Apart, apart, migrated

__all__ = ["apart", "migrated"]

KILL = """
from tests.web import killing as k
k.prepare()
for action in (k.confirm, k.consent, k.guardian_agrees, k.sign):
    print(action.__name__, k.kills(action))
"""
FEWEST = {"confirm": 8, "consent": 3, "guardian_agrees": 3, "sign": 4}
"""Writes that each takes at the least, so that killing after each of them means something."""


def test_killed_after_any_write_registering_consenting_and_signing_leave_nothing_half_written(apart: Apart) -> None:
    killed = {name: int(times) for name, times in (line.split() for line in apart.run(KILL).splitlines())}
    assert killed.keys() == FEWEST.keys()
    assert {name: times for name, times in killed.items() if times < FEWEST[name]} == {}
