"""What the pages of booking call services, and times by a location's clock."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from pellucid.web.records.naming import service_name


def service_names(treatments: Iterable[str]) -> list[str]:
    """What several are called."""
    return [service_name(each) for each in treatments]


def on_the_wall(moment: datetime, zone: str) -> datetime:
    """A moment as a location's clock shows it: without a zone, so that pages don't turn it into another one."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def clock_note(place: str, zone: str, usual: str) -> str:
    """Whose clock times go by, where it isn't the one that somebody is used to."""
    if zone == usual:
        return ""
    return _("All times are by the clock in %(place)s (%(zone)s).") % {"place": place, "zone": zone}
