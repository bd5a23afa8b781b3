"""Why a calendar kept elsewhere could not be read, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pellucid.web.records.actions.busy_feeds import UNREADABLE

FAULTS: Mapping[str, Promise] = {
    "address": gettext_lazy("It leads to an address that does not begin with https://."),
    "unknown": gettext_lazy("Its host was not found. Check the address."),
    "private": gettext_lazy("It leads into a network that is not public. Use a public address or hand in a file."),
    "unreached": gettext_lazy("It did not answer in time, or not safely. It is tried again by itself."),
    "status": gettext_lazy("It answers without a calendar. The secret address may have been changed: connect it anew."),
    "redirects": gettext_lazy("It leads from one address to another without end. Connect it anew."),
    "large": gettext_lazy("It holds more than 5 MB. Share a smaller calendar."),
    UNREADABLE: gettext_lazy("What it holds can't be read as a calendar. Check the address."),
}
"""What is kept of a fault to words that say what to do."""
