"""What follows from a client's newest answers today, with the rules, papers and overrides that stand."""

from dataclasses import dataclass
from datetime import date

from pellucid.care import care
from pellucid.model.care import Care
from pellucid.model.errors import InputError
from pellucid.web.records.models import Client, Consultation
from pellucid.web.records.queries.consultations import knowledge_for, standing_of
from pellucid.web.records.questionnaire import Standing


@dataclass(frozen=True, slots=True)
class Today:
    """One client's consultation, worked out for a day."""

    consultation: Consultation
    standing: Standing
    care: Care | None
    """None where the answers contradict each other on that day; ``standing.problems`` says how."""


def newest(client: Client) -> Consultation | None:
    """The newest consultation that was given in."""
    given_in = Consultation.objects.filter(client=client, state__in=("submitted", "signed"))
    return given_in.order_by("-submitted_at", "-pk").first()


def worked_out(consultation: Consultation, client: Client, *, today: date) -> Today:
    """Work a consultation out for a day, with what stands for its client."""
    standing = standing_of(consultation, client, today=today, knowledge=knowledge_for(client))
    try:
        found = care(standing.intake, today=today, knowledge=standing.knowledge)
    except InputError:
        found = None
    return Today(consultation, standing, found)
