"""Which session is which, from one revision of a plan to the next: calendars and reports hang on its key."""

from collections.abc import Iterable, Mapping
from itertools import count

from pellucid.model.plan import Session
from pellucid.model.slot import Slot


def former_keys(sessions: Iterable[Session]) -> dict[str, str]:
    """Slot to session; a key that a plan edited by hand has twice, or for another treatment, counts for none."""
    found: dict[str, str] = {}
    for each in sessions:
        if each.key not in found.values() and _treatment(each.key) == each.slot.treatment:
            found[each.slot.id] = each.key
    return found


def session_keys(slots: Iterable[Slot], former: Mapping[str, str], missed: Iterable[str] = ()) -> dict[str, str]:
    """The key of the session in each slot, by the slot's id.

    A session that keeps its slot keeps its key, and so does one that moves: a new slot takes the key of the first
    session of its treatment that has lost its own. Whatever else is new gets the next free number.

    Args:
        slots: those that hold a session now, in the order of time.
        former: slot to session as it was in the plan before, in the order of time.
        missed: keys of sessions that did not happen; no other session gets them.
    """
    slots, missed = tuple(slots), frozenset(missed)
    keys = {slot.id: former[slot.id] for slot in slots if slot.id in former}
    moved = [key for slot, key in former.items() if slot not in keys]
    for slot in slots:
        if slot.id in keys:
            continue
        given = {*former.values(), *missed, *keys.values()}
        fresh = (name for number in count(1) if (name := f"{slot.treatment}-{number}") not in given)
        key = next((key for key in moved if _treatment(key) == slot.treatment), None)
        if key is not None:
            moved.remove(key)
        keys[slot.id] = key or next(fresh)
    return keys


def _treatment(key: str) -> str:
    return key.rpartition("-")[0]
