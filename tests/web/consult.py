"""Drives the pages of the consultation as a browser without scripts does."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.web.cast import signed_in

from pellucid.knowledge.load import load
from pellucid.knowledge.schema.people import Question
from pellucid.web.accounts.models import User
from pellucid.web.records.actions.consultations import Asker, answer, submit
from pellucid.web.records.actions.consultations import begin as begin_draft
from pellucid.web.records.models import Consultation
from pellucid.web.records.questionnaire import FACE, OURS, Given, flat, screen_of
from pellucid.web.sites import clock

EXAMPLES = Path(__file__).parents[2] / "examples" / "intakes"
DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""The examples' day, in Taipei as in London."""


def example(name: str) -> dict[str, Any]:
    """An example intake as read from its file."""
    return tomllib.loads((EXAMPLES / f"{name}.toml").read_text("utf-8"))


def question(path: str) -> Question:
    """A question of the questionnaire."""
    return load().of(Question)[path]


def address(name: str) -> str:
    """Where a screen is."""
    return reverse("portal:consultation_question", args=[name])


def begin(browser: Browser) -> Consultation:
    """Press "Begin"."""
    begun = browser.post(reverse("portal:consultation_begin"))
    assert begun.status_code == 302, begun.content
    return Consultation.objects.get(state="draft", client__user_id=browser.session["_auth_user_id"])


def form_of(browser: Browser) -> dict[str, str]:
    """The hidden fields that every screen of the consultation sends."""
    draft = Consultation.objects.get(state="draft", client__user_id=browser.session["_auth_user_id"])
    return {"draft": str(draft.pk), "version": str(draft.version)}


def fields(path: str, value: Any, unsure: list[str], prefix: str = "") -> dict[str, Any]:
    """An answer as the fields of its screen."""
    asked = question(path)
    if asked.type == "records":
        return _rows(value)
    shown: Any = str(value)
    if asked.type == "yes_no":
        shown = "yes" if value else "no"
    elif asked.type == "multi":
        shown = value or ["none_of_these"]
    found: dict[str, Any] = {f"{prefix}answer": shown}
    return {**found, f"{prefix}unsure_of": unsure} if unsure else found


def _rows(entries: list[Mapping[str, Any]]) -> dict[str, Any]:
    if not entries:
        return {"do": "none"}
    words = {True: "yes", False: "no"}
    found: dict[str, Any] = {"rows": str(len(entries))}
    for number, entry in enumerate(entries):
        for name, value in entry.items():
            if value is not False or name == "prescribed":
                found[f"row-{number}-{name}"] = words[value] if isinstance(value, bool) else str(value)
    return found


def send(browser: Browser, name: str, **sent: Any) -> Any:
    """Send one screen."""
    return browser.post(address(name), {"do": "answer", **form_of(browser), **sent})


def screens(intake: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The screens and fields that tell what an intake tells, but for what the clinic adds."""
    unsure = [name.rpartition(".")[::2] for name in intake.get("unsure", ())]
    found: dict[str, dict[str, Any]] = {}
    for path, value in flat(intake, load()).items():
        if path in OURS:
            continue
        name = screen_of(path)
        prefix = f"{path.split('.')[1]}-" if name == FACE else ""
        options = [option for (asked, _dot, option) in ((one[0], "", one[1]) for one in unsure) if asked == path]
        found.setdefault(name, {}).update(fields(path, value, options, prefix))
    yield from found.items()


def errors(page: Any) -> list[str]:
    """The messages on a page that was not accepted."""
    found = re.findall(r'class="(?:errorlist|field__error).*?</(?:ul|p)>', page.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", each).strip() for each in found]


def answered(user: User, name: str) -> Consultation:
    """A consultation answered as an example, past the pages, and not handed in yet."""
    asker = Asker(user.client, user.ref, NOW)
    draft = begin_draft(asker=asker)
    intake = json.loads(json.dumps(example(name), default=str))
    told = {path: value for path, value in flat(intake, load()).items() if path not in OURS}
    unsure = intake.get("unsure", [])
    given = {
        path: Given(value, tuple(each for each in unsure if each.rpartition(".")[0] == path))
        for path, value in told.items()
    }
    return answer(asker=asker, draft=draft.pk, version=draft.version, given=given)


def handed_in(user: User, name: str) -> Consultation:
    """The same, handed in."""
    draft = answered(user, name)
    return submit(asker=Asker(user.client, user.ref, NOW), draft=draft.pk, version=draft.version)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def browser(alice: User) -> Browser:
    """Alice's, with a consultation begun."""
    found = signed_in(alice)
    begin(found)
    return found


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Let days pass."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=days))


def hand_in(browser: Browser) -> Any:
    """Press the button on the page of all answers."""
    return browser.post(reverse("portal:consultation_submit"), form_of(browser))
