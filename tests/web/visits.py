"""Visits for tests of what is told of them: rows as the actions leave them, without what they take up."""

from datetime import datetime, timedelta
from typing import Any

from tests.web.booking_cast import NOW

from pellucid.web.accounts.models import User
from pellucid.web.records.models import Appointment, Client
from pellucid.web.records.models.appointment import State

HOUR = timedelta(hours=1)


def make_visit(client: Client, practitioner: User, starts: datetime, **changed: Any) -> Appointment:
    """A visit of an hour that was booked just now, unless told otherwise."""
    usual = {"state": State.BOOKED, "ends": starts + HOUR, "location": client.location}
    made = {"made_at": NOW, "changed_at": NOW, "made_by": "user.1"}
    given = {"client": client, "practitioner": practitioner.membership, "starts": starts}
    return Appointment.objects.create(**{**given, **usual, **made, **changed})
