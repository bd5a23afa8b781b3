"""What somebody typed to register, as it waits for the code."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Agreement:
    """A box that was ticked."""

    document: int
    """Primary key of the wording."""
    sha256: str
    """Of its text as it was shown."""
    sentence: str
    """What stood beside the box."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed to register."""

    name: str
    address: str
    language: str
    location: int
    wanted: str
    agreed: Mapping[str, Agreement]
    """Kind of document to what was agreed."""
    preferred_on: date | None = None
    offer: int | None = None
    birth_date: date | None = None
    guardian_name: str = ""
    guardian_contact: str = ""

    def written(self) -> dict[str, Any]:
        """As JSON holds it."""
        facts = asdict(self)
        for name in ("preferred_on", "birth_date"):
            facts[name] = facts[name] and facts[name].isoformat()
        return facts

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """Back from JSON."""
        days = {name: facts[name] and date.fromisoformat(facts[name]) for name in ("preferred_on", "birth_date")}
        agreed = {kind: Agreement(**each) for kind, each in facts["agreed"].items()}
        return cls(**{**facts, **days, "agreed": agreed})


def by_address(address: str) -> dict[str, str]:
    """How a user is looked up by what they sign in with."""
    return {"phone": address} if address.startswith("+") else {"email": address}
