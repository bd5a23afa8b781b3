"""The tables, one noun a file."""

from pellucid.web.records.models.appointment import (
    Appointment,
    Part,
    Reservation,
    Series,
    WaitlistEntry,
    WaitlistOffer,
)
from pellucid.web.records.models.client import Client
from pellucid.web.records.models.consent import Consent
from pellucid.web.records.models.consultation import Clearance, Consultation, Override, Review
from pellucid.web.records.models.enquiry import Enquiry
from pellucid.web.records.models.registration import Registration
from pellucid.web.records.models.roster import BusyFeed, BusySpan, ExtraHours, Schedule, TimeOff

__all__ = [
    "Appointment",
    "BusyFeed",
    "BusySpan",
    "Clearance",
    "Client",
    "Consent",
    "Consultation",
    "Enquiry",
    "ExtraHours",
    "Override",
    "Part",
    "Registration",
    "Reservation",
    "Review",
    "Schedule",
    "Series",
    "TimeOff",
    "WaitlistEntry",
    "WaitlistOffer",
]
