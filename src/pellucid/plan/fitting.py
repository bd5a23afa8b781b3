"""Which of a clinic's slots fit a person: what booking shows."""

from collections.abc import Iterable

from pellucid.consult.screen import Screening
from pellucid.knowledge.base import Knowledge
from pellucid.model.profile import Profile
from pellucid.model.slot import Slot


def fitting_slots(profile: Profile, treatment: str, slots: Iterable[Slot], *, knowledge: Knowledge) -> tuple[Slot, ...]:
    """The slots of a treatment that nothing the person has told us rules out, in order of time.

    A slot fits exactly when screening on its day, by the level of whoever would do it, is allowed or caution.

    Raises:
        UnknownIdError: there is no such treatment.
    """
    screening = Screening(profile, knowledge)
    mine = sorted((slot for slot in slots if slot.treatment == treatment), key=lambda each: (each.starts, each.id))
    decide = screening.decide
    return tuple(slot for slot in mine if decide(treatment, on=slot.day, performer=slot.level).status.bookable)
