"""What the tests of registration share: a clinic that is open, a form filled in as a person would, and the code."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client as Browser

from pellucid.web.outbox.models import Message
from pellucid.web.sites.models import Location, Service
from pellucid.web.sites.publish import publish_starting_texts

NOW = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)
"""Half past six in the morning of 5 May in Taipei."""
TODAY = date(2026, 5, 5)


def open_clinic(location: Location, *treatments: str) -> None:
    """Publish the wordings and offer some treatments."""
    publish_starting_texts(by="system", now=NOW - timedelta(days=30))
    for treatment in treatments or ("pore_cleanup_facial", "carbon_laser", "led", "rf_microneedling"):
        Service.objects.create(treatment=treatment, price=1800).locations.add(location)


def filled(browser: Browser, location: Location, **changes: Any) -> dict[str, Any]:
    """A form as Mia fills it in, with the hidden fields of the page; ``None`` leaves a field out."""
    form = browser.get("/register/").context["form"]
    typed = {
        "name": "Mia Example",
        "address": "mia@example.com",
        "wanted": "pore_cleanup_facial",
        "location": str(location.pk),
        "preferred_on": "2026-05-12",
        "agree": "on",
        "token": form["token"].value(),
        "wordings": form["wordings"].value(),
    }
    return {name: value for name, value in {**typed, **changes}.items() if value is not None}


def newest_code(to: str) -> str:
    """The code in the newest message to an address."""
    message = Message.objects.filter(to=to, kind="code").order_by("-created_at", "-pk").latest("created_at")
    found = re.search(r"\b\d{6}\b", message.body)
    assert found is not None
    return found.group()
