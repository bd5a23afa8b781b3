"""The audit trail in words: what was done, by whom, and what it changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pellucid.web.audit.models import Event
from pellucid.web.records.queries.history import names

WORDS: Mapping[str, Promise] = {
    "client.registered": gettext_lazy("Registered"),
    "client.guardian_agreed": gettext_lazy("A parent or guardian has agreed"),
    "client.imported": gettext_lazy("Brought in from a list"),
    "client.changed": gettext_lazy("Profile changed"),
    "client.claimed": gettext_lazy("Registered, and found in a list brought in before"),
    "client.wished": gettext_lazy("Registered again"),
    "client.archived": gettext_lazy("Archived"),
    "client.restored": gettext_lazy("Brought back"),
    "consent.given": gettext_lazy("Consent given"),
    "consent.withdrawn": gettext_lazy("Consent withdrawn"),
    "consultation.begun": gettext_lazy("Consultation begun"),
    "consultation.discarded": gettext_lazy("Consultation given up"),
    "consultation.submitted": gettext_lazy("Consultation given in"),
    "consultation.urgent_advice_shown": gettext_lazy("Urgent advice was shown"),
    "consultation.worked_out_again": gettext_lazy("Consultation worked out again"),
    "consultation.signed": gettext_lazy("Consultation signed"),
    "clearance.added": gettext_lazy("Clearance entered"),
    "clearance.withdrawn": gettext_lazy("Clearance withdrawn"),
    "override.signed": gettext_lazy("Override signed"),
    "override.withdrawn": gettext_lazy("Override withdrawn"),
    "appointment.held": gettext_lazy("Visit held"),
    "appointment.confirmed": gettext_lazy("Visit booked"),
    "appointment.moved": gettext_lazy("Visit moved"),
    "appointment.cancelled": gettext_lazy("Visit cancelled"),
    "appointment.missed": gettext_lazy("Did not come"),
    "appointment.done": gettext_lazy("Came"),
    "appointment.signed": gettext_lazy("Visit signed"),
    "appointment.lapsed": gettext_lazy("Visit not confirmed in time"),
    "appointment.misfit": gettext_lazy("Visit no longer fits"),
    "appointment.fits": gettext_lazy("Visit fits again"),
    "appointment.unsigned": gettext_lazy("Visit waits for a signature again"),
    "waitlist.joined": gettext_lazy("Put on the waitlist"),
    "waitlist.offered": gettext_lazy("Offered a time from the waitlist"),
    "waitlist.accepted": gettext_lazy("Took a time from the waitlist"),
    "waitlist.left": gettext_lazy("Taken off the waitlist"),
    "waitlist.over": gettext_lazy("Waiting is over"),
    "letter.made": gettext_lazy("Referral letter made"),
    "calendar.made": gettext_lazy("Private calendar address made"),
    "calendar.revoked": gettext_lazy("Private calendar address taken back"),
    "service.added": gettext_lazy("Service added"),
    "service.changed": gettext_lazy("Service changed"),
    "schedule.added": gettext_lazy("Weekly hours set"),
    "schedule.changed": gettext_lazy("Weekly hours changed"),
    "time_off.added": gettext_lazy("Time off added"),
    "time_off.removed": gettext_lazy("Time off removed"),
    "closure.added": gettext_lazy("Location closed for a time"),
    "closure.removed": gettext_lazy("Location opened again"),
    "extra_hours.added": gettext_lazy("Extra hours added"),
    "extra_hours.removed": gettext_lazy("Extra hours removed"),
    "busy_feed.added": gettext_lazy("Calendar connected"),
    "busy_feed.removed": gettext_lazy("Calendar removed"),
    "room.added": gettext_lazy("Room added"),
    "room.changed": gettext_lazy("Room changed"),
    "device.added": gettext_lazy("Device added"),
    "device.changed": gettext_lazy("Device changed"),
    "clinic.changed": gettext_lazy("Booking limits changed"),
    "offer.added": gettext_lazy("Offer added"),
    "offer.changed": gettext_lazy("Offer changed"),
    "document.published": gettext_lazy("Text published"),
    "rules.changed": gettext_lazy("Rules changed"),
    "staff.added": gettext_lazy("Added to the staff"),
    "user.signed_in": gettext_lazy("Signed in"),
    "second_factor.added": gettext_lazy("Second factor set up"),
    "second_factor.removed": gettext_lazy("Second factor removed"),
    "second_factor.renewed": gettext_lazy("Recovery codes made anew"),
    "membership.begun": gettext_lazy("Joined the staff"),
    "membership.changed": gettext_lazy("Role or place changed"),
    "invitation.sent": gettext_lazy("Invitation sent"),
    "invitation.revoked": gettext_lazy("Invitation called back"),
    "invitation.accepted": gettext_lazy("Invitation accepted"),
    "user.signed_out_everywhere": gettext_lazy("Signed out everywhere"),
    "message.tried_again": gettext_lazy("Message tried again"),
    "message.set_aside": gettext_lazy("Message set aside"),
    "job.begun_again": gettext_lazy("Job begun again"),
    "enquiry.asked": gettext_lazy("Question asked"),
    "enquiry.forgotten": gettext_lazy("Old questions deleted"),
    "enquiry.answered": gettext_lazy("Question marked as answered"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as a page shows it."""

    event: Event
    words: str
    who: str
    facts: tuple[tuple[str, str], ...]


def lines(events: Iterable[Event]) -> list[Line]:
    """Events in words; who did them is looked up in one query."""
    found = list(events)
    people = names(found)
    return [
        Line(
            each,
            words(each.action),
            _who(each, people),
            tuple(_facts(each.detail)),
        )
        for each in found
    ]


def words(action: str) -> str:
    """What was done; the action's own name where there are no words for it."""
    return str(WORDS.get(action, action))


def _who(event: Event, people: Mapping[str, str]) -> str:
    if event.actor == "system":
        return _("the system")
    if event.actor.startswith("client."):
        return _("the client")
    if event.actor.startswith("guardian."):
        return _("a parent or guardian")
    return people.get(event.actor) or event.actor


def _facts(detail: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What changed, each as it was and as it is; anything else as it stands."""
    before, after = detail.get("before"), detail.get("after")
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield key, f"{_plain(before.get(key))} → {_plain(after.get(key))}"
    rest = {
        key: value for key, value in detail.items() if not isinstance(value, Mapping) or key not in {"before", "after"}
    }
    yield from ((key, _plain(value)) for key, value in rest.items())


def _plain(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "-"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)
