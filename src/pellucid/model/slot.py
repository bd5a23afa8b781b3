"""A time at which one treatment can be done: someone of the right level, a room and the devices it needs are free."""

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
