"""A time at which one treatment can be done: someone of the right level, a room and the devices it needs are free.

Several, one after the other with the same person, are a visit.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from pellucid.model.levels import Level


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One opening for one treatment: half-open ``[starts, ends)``, both in UTC; the day is the clinic's own."""

    starts: datetime
    ends: datetime
    treatment: str
    practitioner: str
    room: str
    level: Level
    zone: str
    """The clinic's time zone, such as ``Europe/Madrid``."""
    location: str = ""
    devices: tuple[str, ...] = ()
    """The machines that it takes up."""
    price: Decimal | None = None
    currency: str | None = None

    @property
    def local(self) -> datetime:
        """When it starts by the clinic's clock."""
        return self.starts.astimezone(ZoneInfo(self.zone))

    @property
    def day(self) -> date:
        """The day on which it starts by the clinic's clock."""
        return self.local.date()

    @property
    def id(self) -> str:
        """The same for the same opening, whenever it is worked out."""
        return f"{self.treatment}@{self.starts:%Y%m%dT%H%MZ}/{self.practitioner}/{self.room}"


@dataclass(frozen=True, slots=True)
class Visit:
    """One or more treatments one after the other with one practitioner at one location.

    Between two of them lie the first one's buffer after and the second one's buffer before.
    """

    parts: tuple[Slot, ...]
    """In order of time; at least one."""

    @property
    def starts(self) -> datetime:
        """When the client comes."""
        return self.parts[0].starts

    @property
    def ends(self) -> datetime:
        """When the client goes."""
        return self.parts[-1].ends

    @property
    def treatments(self) -> tuple[str, ...]:
        """What is done, in this order."""
        return tuple(part.treatment for part in self.parts)

    @property
    def practitioner(self) -> str:
        """Who does all of it."""
        return self.parts[0].practitioner

    @property
    def level(self) -> Level:
        """The practitioner's level."""
        return self.parts[0].level

    @property
    def location(self) -> str:
        """Where."""
        return self.parts[0].location

    @property
    def zone(self) -> str:
        """The location's time zone."""
        return self.parts[0].zone

    @property
    def local(self) -> datetime:
        """When it starts by the location's clock."""
        return self.parts[0].local

    @property
    def day(self) -> date:
        """The day on which it starts by the location's clock."""
        return self.parts[0].day

    @property
    def id(self) -> str:
        """What is done, when and with whom; the same whichever room and devices are free for it."""
        return f"{'+'.join(self.treatments)}@{self.starts:%Y%m%dT%H%MZ}/{self.practitioner}"
