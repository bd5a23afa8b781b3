"""Booking all sessions of a plan at once: every one of them, or none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pellucid.model.errors import PellucidError
from pellucid.model.slot import Visit
from pellucid.web.records.actions.booking import Booker, SeriesError, TakenError
from pellucid.web.records.actions.offering import freed
from pellucid.web.records.actions.placing import Placed, Suited, check_terms, place, suited, until_placed
from pellucid.web.records.actions.reservations import attempt
from pellucid.web.records.actions.visit_rows import clear_way, let_go, make, open_holds, own_at, tell_confirmed
from pellucid.web.records.models import Client, Series

Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class AllPlaced:
    """Several visits with what they take up."""

    visits: tuple[Placed, ...]

    @property
    def tries(self) -> int:
        """How often a room or device of one could be snatched away at most."""
        return sum(each.tries for each in self.visits)

    @property
    def keys(self) -> list[str]:
        """What to lock."""
        return [key for each in self.visits for key in each.keys]


def book_series(*, client: Client, visits: Sequence[Visit], booker: Booker) -> Series:
    """Book several visits, all of them or none; sent twice they are booked once.

    Args:
        client: whom they are for.
        visits: at least one, in the order of time.
        booker: who books, and when.

    Raises:
        ArchivedError: the client was archived.
        SeriesError: one of them can't be booked; ``why`` is what ``appointments.hold`` would raise.
    """
    standing = _standing(client, visits, booker)
    if standing is not None:
        return standing
    asked = _of_each(visits, lambda visit: _asked(client, visit, visits, booker))
    earlier = next(iter(open_holds(client)), None)

    def find() -> AllPlaced:
        return AllPlaced(tuple(_of_each(visits, lambda visit: place(client, visit, booker, but=earlier))))

    def take(placed: AllPlaced) -> Series:
        return attempt(lambda: _book(client, placed, asked, booker), keys=placed.keys)

    try:
        return until_placed(find, take)
    except TakenError as fault:  # broken off again and again: no visit is to blame more than another
        raise SeriesError(0, fault) from None


def _asked(client: Client, visit: Visit, visits: Sequence[Visit], booker: Booker) -> Suited:
    check_terms(visit, booker)
    return suited(client, visit, booker, beside=[each for each in visits if each is not visit])


def _of_each(visits: Sequence[Visit], do: Callable[[Visit], Each]) -> list[Each]:
    """Something of each visit.

    Raises:
        SeriesError: with the number of the one that it went wrong with.
    """
    found = []
    for number, visit in enumerate(visits):
        try:
            found.append(do(visit))
        except PellucidError as fault:
            raise SeriesError(number, fault) from None
    return found


def _standing(client: Client, visits: Sequence[Visit], booker: Booker) -> Series | None:
    """The series that these visits are already."""
    own = [own_at(client, visit, now=booker.now, held=False) for visit in visits]
    series = {each.series_id if each else None for each in own}
    return own[0].series if len(series) == 1 and own[0] is not None else None


def _book(client: Client, placed: AllPlaced, asked: Sequence[Suited], booker: Booker) -> Series:
    standing = _standing(client, [each.visit for each in placed.visits], booker)
    if standing is not None:
        return standing
    for each in let_go([held.pk for held in open_holds(client)], booker):
        freed(each.location, each.starts, each.ends, booker.now)
    series = Series.objects.create(client=client, made_at=booker.now, made_by=booker.actor)
    for number, (each_placed, each_asked) in enumerate(zip(placed.visits, asked, strict=True)):
        try:
            clear_way(each_placed.rows, booker)
        except TakenError as fault:
            raise SeriesError(number, fault) from None
        made = make(client=client, placed=each_placed, suited=each_asked, booker=booker, series=series)
        tell_confirmed(made, booker)
    return series
