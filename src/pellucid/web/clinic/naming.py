"""What visits and what is in them are called on the staff's pages."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pellucid.web.records.models import Appointment
from pellucid.web.records.models.appointment import State
from pellucid.web.records.naming import service_name

STATES: Mapping[str, Promise] = {
    State.HELD: gettext_lazy("Held"),
    State.TENTATIVE: gettext_lazy("Waits for a signature"),
    State.BOOKED: gettext_lazy("Booked"),
    State.DONE: gettext_lazy("Came"),
    State.NO_SHOW: gettext_lazy("Did not come"),
    State.CANCELLED: gettext_lazy("Cancelled"),
    State.LAPSED: gettext_lazy("Not confirmed in time"),
}


def service_names(treatments: Iterable[str]) -> str:
    """Several, as they are done one after the other."""
    return " + ".join(service_name(each) for each in treatments)


def services_of(visit: Appointment) -> str:
    """What is done in a visit."""
    return service_names(part.treatment for part in visit.parts.all())
