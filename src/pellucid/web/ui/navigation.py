"""Where one can go from every page: the public pages, and for staff what their role may use."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a menu, before it is known whether it can be reached."""

    view: str
    label: "_StrPromise"
    icon: str = ""
    permission: str = ""
    also: str = ""
    """What stands in addresses that belong to it though they begin otherwise than its own."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a menu as it is shown."""

    url: str
    label: "_StrPromise"
    icon: str
    current: bool


PUBLIC = (
    Entry("portal:treatments", _("Treatments")),
    Entry("portal:learn", _("Learn")),
    Entry("portal:questions", _("Questions")),
    Entry("portal:offers", _("Offers")),
    Entry("portal:team", _("Team")),
    Entry("portal:contact", _("Contact")),
)
STAFF = (
    Entry("clinic:start", _("What waits"), "home", "see_clients"),
    Entry("clinic:board", _("Today"), "sun", "book"),
    Entry("clinic:calendar", _("Calendar"), "calendar", "book", also="/clinic/appointments/"),
    Entry("clinic:waitlist", _("Waitlist"), "clock", "book"),
    Entry("clinic:roster", _("Working hours"), "person", "book"),
    Entry("clinic:clients", _("Clients"), "people", "see_clients"),
    Entry("clinic:reviews", _("To sign"), "sign", "see_health"),
    Entry("clinic:enquiries", _("Questions asked"), "message", "answer_enquiries"),
    Entry("clinic:services", _("Services"), "drop", "edit_offering"),
    Entry("clinic:offers", _("Offers"), "tag", "edit_offering"),
    Entry("clinic:documents", _("Texts"), "page", "edit_offering"),
    Entry("clinic:rules", _("Rules"), "rules", "edit_rules"),
    Entry("clinic:staff", _("Staff"), "badge", "manage_staff"),
    Entry("clinic:operations", _("Operations"), "gauge", "see_operations"),
    Entry("ui:styleguide", _("Style page"), "palette", "see_styleguide"),
)


def public_items(path: str) -> list[Item]:
    """The public menu."""
    return list(_items(PUBLIC, path))


def staff_items(path: str, permissions: Collection[str]) -> list[Item]:
    """The staff's menu: only what these permissions open."""
    return list(_items([entry for entry in STAFF if entry.permission in permissions], path))


def _items(entries: Collection[Entry], path: str) -> Iterator[Item]:
    """The longest address that the path begins with is where one is, unless another entry claims it."""
    urls = {entry: reverse(entry.view) for entry in entries}
    claimed = (url for entry, url in urls.items() if entry.also and entry.also in path)
    begun = max((url for url in urls.values() if path.startswith(url)), key=len, default="")
    here = next(claimed, begun)
    for entry, url in urls.items():
        yield Item(url, entry.label, entry.icon, current=url == here)
