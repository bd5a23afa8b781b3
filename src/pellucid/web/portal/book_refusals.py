"""What is said where a visit can't be booked, moved or cancelled, and what to do instead."""

from django.utils.translation import gettext as _

from pellucid.web.portal.book_fit import against
from pellucid.web.portal.book_words import on_the_wall
from pellucid.web.records.actions.booking import (
    ChangedError,
    HoldOverError,
    NotOfferedError,
    PolicyError,
    TakenError,
    UnfitError,
)
from pellucid.web.records.actions.consultations import ArchivedError
from pellucid.web.ui.templatetags.ui import moment_words

REFUSED = (TakenError, NotOfferedError, UnfitError, PolicyError, HoldOverError, ChangedError, ArchivedError)
"""What an action on a visit can raise that a page answers with words."""


def too_late() -> str:
    """Where a time that was shown is free no more."""
    return _("This time is not free any more. Here is what is free now.")


def refusal(error: Exception, zone: str) -> str:
    """What is said of one refusal; times are by the clock of a zone."""
    match error:
        case UnfitError(fit=fit):
            found = against(fit)
            return f"{found.title} {found.text}".strip() if found else too_late()
        case PolicyError():
            return _policy(error, zone)
        case HoldOverError():
            return _("The time was not kept any longer and is free for others again. Nothing was booked.")
        case ChangedError():
            return _("This visit was changed elsewhere since you opened the page. Here is how it stands now.")
        case ArchivedError():
            return _("Your record is archived. Write to us or call, and we bring it back.")
        case TakenError(resources=taken) if any(each.startswith("client.") for each in taken):
            return _("You have another visit at that time already.")
        case TakenError():
            return _("Somebody else was a moment faster. Here is what is free now.")
        case _:
            return too_late()


def _policy(error: PolicyError, zone: str) -> str:
    """Which of the clinic's terms stands against it, and whom to call."""
    match error.rule:
        case "notice":
            said = _("That is too soon to book online.")
        case "ahead":
            said = _("That is further ahead than can be booked online yet.")
        case "past" | "begun" | "not_begun":
            return _("This visit has begun or is over, so it can't be changed here any more.")
        case _:
            said = _("Moving or cancelling online was possible until %(moment)s.") % {
                "moment": moment_words(on_the_wall(error.until, zone))
            }
    return f"{said} {whom_to_call(error.phone, error.email)}".strip()


def whom_to_call(phone: str, email: str) -> str:
    """How to reach the clinic."""
    if phone:
        return _("Please call us: %(phone)s.") % {"phone": phone}
    return _("Please write to us: %(email)s.") % {"email": email} if email else _("Please get in touch with us.")
