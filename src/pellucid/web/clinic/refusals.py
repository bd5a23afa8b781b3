"""Why a visit can't be had, in words for the staff; each says what to do next where there is something.

Who may not see health data reads only that it doesn't fit and until when.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from pellucid.exchange.wording import rule_name
from pellucid.model.errors import PellucidError, UnknownIdError
from pellucid.plan.fit import ADJUSTED
from pellucid.web.records.actions.booking import (
    ChangedError,
    HoldOverError,
    LevelError,
    NotOfferedError,
    NotWaitingError,
    PolicyError,
    TakenError,
    UnfitError,
)
from pellucid.web.records.actions.consultations import ArchivedError
from pellucid.web.records.queries.misfit import HOURS
from pellucid.web.sites import knowledge
from pellucid.web.ui.templatetags.ui import day_words, moment_words

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from pellucid.booking.availability import Refusal
    from pellucid.knowledge.texts import Texts
    from pellucid.web.records.queries.fitting import Fit

REFUSALS: "Mapping[Refusal, Promise]" = {
    "unknown_practitioner": gettext_lazy("They have no hours at this location. Choose somebody else."),
    "no_such_service": gettext_lazy("This service is not offered here now. Choose another one."),
    "wrong_length": gettext_lazy("The service has another length now. Look at the free times once more."),
    "wrong_start": gettext_lazy("Visits start on whole minutes. Choose another time."),
    "wrong_location": gettext_lazy("This is done at another location. Choose somebody who works here."),
    "wrong_level": gettext_lazy("This asks for a higher licence level. Choose somebody who has it."),
    "wrong_room": gettext_lazy("The room does not suit this service. Choose another one."),
    "wrong_device": gettext_lazy("The device does not suit this service, or there is none. Choose another time."),
    "wrong_gap": gettext_lazy("The time between the services is another one now. Look at the free times once more."),
    "wrong_price": gettext_lazy("The price has changed. Look at the free times once more."),
    "closed": gettext_lazy("Outside the working hours, with the time to get the room ready. Choose another time."),
    "busy_practitioner": gettext_lazy(
        "They have another visit or are busy then, with the time to get the room ready. Choose another time."
    ),
    "busy_room": gettext_lazy("No room that suits is free then. Choose another time."),
    "busy_device": gettext_lazy("No device that it needs is free then. Choose another time."),
}
POLICY: Mapping[str, Promise] = {
    "past": gettext_lazy("This time has gone by. Choose a later one."),
    "begun": gettext_lazy("The visit has begun already, so it can't be moved or cancelled. Say whether they came."),
    "not_begun": gettext_lazy("The visit has not begun yet. Come back to this afterwards."),
    "notice": gettext_lazy("This is too soon for an answer by message. Call them, and book it for them."),
}
WHY_NOT: Mapping[str, Promise] = {
    "no_screening": gettext_lazy(
        "There is no questionnaire of theirs yet. Book a consultation, or ask them to answer it first."
    ),
    "incomplete": gettext_lazy(
        "Their questionnaire has open questions. Book a consultation, or ask them to answer these first."
    ),
    "expired": gettext_lazy(
        "Some of their answers are too old by then. Book a consultation, or ask them to answer anew."
    ),
    "archived": gettext_lazy("This client is archived. Bring them back first."),
    "guardian": gettext_lazy("A parent or guardian has to agree first. They have a link for it."),
    "interval": gettext_lazy("It is too close to another session of theirs."),
    "visits": gettext_lazy("It and another visit of theirs rule each other out on these days."),
    "together": gettext_lazy("These services can't be done in one visit. Book them apart."),
    "adjusted": gettext_lazy("A practitioner holds it back for now. Ask who signed their questionnaire."),
    "level": gettext_lazy("Somebody of a higher licence level may do it. Choose somebody else."),
}


def refusal_words(refusal: "Refusal") -> str:
    """What stands against a time in the calendar."""
    return str(REFUSALS[refusal])


def fit_words(fit: "Fit", *, health: bool) -> list[str]:
    """Why something doesn't fit a client, or fits with care; nothing where nothing is to be said.

    Args:
        fit: what was found.
        health: whether who reads it may see health data.
    """
    if fit.bookable:
        return [_("It stays tentative until a practitioner has signed it.")] if fit.tentative else []
    words = str(WHY_NOT.get(fit.why) or _("It does not fit this client on that day."))
    until = [until_words(fit.until)] if fit.until else []
    rules = ", ".join(reason_names(fit)) if health else ""
    return [words, *until, *([_("Behind it: %(rules)s.") % {"rules": rules}] if rules else [])]


def until_words(until: date) -> str:
    """From which day on it may fit."""
    return _("It may fit from %(day)s on.") % {"day": day_words(until)}


def reason_names(fit: "Fit") -> list[str]:
    """The rules behind it, by name; only for who may see health data."""
    return rule_names(dict.fromkeys(each.rule for each in fit.reasons))


def rule_names(rules: "Mapping[str, None] | list[str]") -> list[str]:
    """Rules by the names that the knowledge gives them; one that has none any more by its id."""
    texts = knowledge.texts(get_language() or "en")
    return [_name(rule, texts) for rule in rules]


def misfit_words(misfit: list[str], *, health: bool) -> list[str]:
    """Why a visit no longer fits; who may not see health data reads only that nobody works then."""
    return rule_names([each for each in misfit if health or each == HOURS])


def _name(rule: str, texts: "Texts") -> str:
    if rule in MISFITS:
        return str(MISFITS[rule])
    try:
        return rule_name(rule, texts)
    except (KeyError, UnknownIdError):
        return rule


MISFITS: Mapping[str, Promise] = {
    **WHY_NOT,
    ADJUSTED: WHY_NOT["adjusted"],
    HOURS: gettext_lazy("Nobody works then any more."),
}
"""Codes that stand among the rules of a visit that no longer fits."""

BOOKING_ERRORS = (PellucidError, ArchivedError)
"""What an action on visits raises where it refuses."""


def error_words(error: Exception, *, health: bool, zone: "ZoneInfo") -> list[str]:
    """What an action on visits refused, and what to do next."""
    if isinstance(error, TakenError):
        return [_("Somebody else was quicker: this time has just been taken. Nothing was changed, so choose another.")]
    if isinstance(error, NotOfferedError):
        return [refusal_words(error.refusal)]
    if isinstance(error, UnfitError):
        return fit_words(error.fit, health=health)
    if isinstance(error, PolicyError):
        return [str(POLICY.get(error.rule) or _("The clinic's terms don't allow it."))]
    return [_other_words(error, zone)]


def _other_words(error: Exception, zone: "ZoneInfo") -> str:
    if isinstance(error, ChangedError):
        when = moment_words(localtime(error.appointment.starts, zone))
        return _(
            "Somebody else changed this visit while you were looking at it; it is on %(when)s now. Nothing of yours "
            "was saved: look at it once more."
        ) % {"when": when}
    if isinstance(error, HoldOverError):
        return _("The time was not kept any longer. Choose one once more.")
    if isinstance(error, LevelError):
        return _("Signing this needs licence level %(level)s. Ask somebody who has it.") % {"level": error.needed.name}
    if isinstance(error, NotWaitingError):
        return _(
            "They don't wait for this any more, or have been offered another time. Look at the waitlist once more."
        )
    if isinstance(error, ArchivedError):
        return str(WHY_NOT["archived"])
    return _("It could not be done. Look at the visit once more.")
