"""What to do before a visit, on which days, and whether it will wait for a practitioner's yes."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from markupsafe import Markup

from pellucid.consult.prepare import preparation
from pellucid.exchange.build import Builder
from pellucid.exchange.html import Words
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.web.records.queries.calendar import visit_of
from pellucid.web.records.queries.consultations import knowledge_for, standing_of
from pellucid.web.records.queries.fitting import Fitting
from pellucid.web.records.queries.today import newest
from pellucid.web.sites.clock import day
from pellucid.web.ui.language import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pellucid.knowledge.base import Knowledge
    from pellucid.model.decision import Instruction
    from pellucid.model.profile import Profile
    from pellucid.web.records.models import Appointment


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do."""

    days: Markup
    name: str
    concerns: str
    """What of the client's own it is about, in their words."""
    text: str


def before(appointment: "Appointment", *, now: datetime) -> list[Line]:
    """What to do before a visit, what starts first first; nothing where no answers were handed in."""
    client, session = appointment.client, day(appointment.starts, appointment.location.zone)
    consultation, today = newest(client), day(now, client.location.zone)
    if consultation is None:
        return []
    standing = standing_of(consultation, client, today=today, knowledge=knowledge_for(client))
    found = set(_instructions(appointment, standing.profile, standing.knowledge))
    words, builder = Words(texts(), today), Builder(standing.knowledge, texts().language, ())
    told = [builder.instruction(each) for each in sorted(found, key=lambda each: (each.since, each.rule))]
    return [Line(words.before(each, session), each.name, each.concerns, each.text) for each in told]


def _instructions(appointment: "Appointment", profile: "Profile", knowledge: "Knowledge") -> "Iterator[Instruction]":
    on = day(appointment.starts, appointment.location.zone)
    for part in appointment.parts.all():
        if part.treatment in knowledge.of(Treatment):
            yield from preparation(profile, part.treatment, on=on, knowledge=knowledge)


def is_tentative(appointment: "Appointment", *, now: datetime) -> bool:
    """Whether a visit that is held will wait for a practitioner's yes once it is booked."""
    return Fitting(appointment.client, now=now, but=appointment).of_visit(visit_of(appointment)).tentative
