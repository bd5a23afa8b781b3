"""What the tests of the staff pages share: consultations that were given in, and forms sent as a browser sends them."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest import mock

from django.test import Client as Browser

from pellucid.web.accounts.models import User
from pellucid.web.records.actions.consultations import Asker, submit
from pellucid.web.records.models import Client, Consultation

INTAKES = Path(__file__).parents[2] / "examples" / "intakes"
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
"""The day of NOW in Taipei, where the clinic of the cast is."""

DATE_AND_CLIENT = {"consultation", "papers"}
"""Sections of an intake that the clinic itself fills in."""


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock of the web application stands still."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


def intake(name: str) -> dict[str, Any]:
    """An example's answers as a consultation stores them: days as text, and nothing that the clinic adds."""
    read = tomllib.loads((INTAKES / f"{name}.toml").read_text("utf-8"))
    stored: dict[str, Any] = json.loads(json.dumps(read, default=str))
    return {section: answers for section, answers in stored.items() if section not in DATE_AND_CLIENT}


def paths(answers: Mapping[str, Any], on: date) -> dict[str, str]:
    """Every answer's path, given on one day."""
    return {
        f"{section}.{name}": on.isoformat()
        for section, named in answers.items()
        if isinstance(named, Mapping)
        for name in named
    }


def given_in(user: User, name: str, *, now: datetime = NOW, changed: Mapping[str, Any] | None = None) -> Consultation:
    """A client's consultation with an example's answers, handed in; ``changed`` replaces whole sections."""
    client: Client = user.client
    answers = {**intake(name), **(changed or {})}
    draft = Consultation.objects.create(
        client=client,
        answers=answers,
        answered_on=paths(answers, now.date()),
        begun_at=now - timedelta(minutes=5),
        changed_at=now,
    )
    asker = Asker(client=client, actor=user.ref, now=now)
    return submit(asker=asker, draft=draft.pk, version=draft.version)


class _Fields(HTMLParser):
    """Collects what the fields of a page hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.texts: list[str] = []
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") not in {"checkbox", "radio", "file", "submit"}:
            self.found[name] = given.get("value", "")
        elif tag == "input" and name and "checked" in given:
            self.found[name] = given.get("value", "on")
        elif tag == "textarea":
            self._area = name
            self.found[name] = ""
        elif tag == "select":
            self._select = name
            self.found.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in given:
            self.found[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.found[self._area] += data
        elif data.strip():
            self.texts.append(data.strip())


def read(answer: Any) -> _Fields:
    """A page's fields and words."""
    parser = _Fields()
    parser.feed(answer.content.decode())
    parser.close()
    return parser


def fields(answer: Any) -> dict[str, str]:
    """What the fields of a page hold, as a browser would send them back."""
    return read(answer).found


def words(answer: Any) -> str:
    """What can be read on a page."""
    return " ".join(read(answer).texts)


def send(browser: Browser, url: str, **changed: Any) -> Any:
    """Open a page, fill its form in, and send it."""
    return browser.post(url, {**fields(browser.get(url)), **changed})
