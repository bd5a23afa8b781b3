"""Transactions that the database ends for another's sake: tried again from the start, and refused in the end."""

import pytest
from django.db import IntegrityError, OperationalError

from pellucid.web.records.actions import reservations
from pellucid.web.records.actions.booking import TakenError
from pellucid.web.sites.models import Clinic, Location

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clinic")]


def tried(monkeypatch: pytest.MonkeyPatch, fault: Exception, times: int) -> list[str]:
    """How often something is tried that is broken off so many times."""
    monkeypatch.setattr(reservations, "FIRST_WAIT", 0)
    seen: list[str] = []

    def work() -> list[str]:
        seen.append(Location.objects.create(slug=f"t{len(seen)}", name="T", clinic=Clinic.objects.get()).slug)
        if len(seen) <= times:
            raise fault
        return seen

    return reservations.attempt(work, keys=["room.1"])


def test_it_is_tried_again_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = IntegrityError("reservation overlaps another one")
    assert tried(monkeypatch, fault, 2) == ["t0", "t1", "t2"]
    assert list(Location.objects.filter(name="T").values_list("slug", flat=True)) == ["t2"]


def test_again_and_again_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TakenError):
        tried(monkeypatch, OperationalError("database is locked"), reservations.ATTEMPTS)
    assert not Location.objects.filter(name="T").exists()


def test_what_fails_for_another_reason_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        tried(monkeypatch, OperationalError("no such table"), 1)
