"""What a person does in the pages: register, sign in, answer. By name and value of fields, as the page has them."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from tests.browser.walk import Walk
from tests.web import consult

from pellucid.web.sites import clock

Fields = Mapping[str, Any]
QUESTION = re.compile(r"/question/([^/]+)/$")
MOST_SCREENS = 150


def days_from_now(days: int) -> str:
    """A day as fields take it."""
    return (clock.now().date() + timedelta(days=days)).isoformat()


def told(name: str) -> dict[str, dict[str, Any]]:
    """Screen -> what is filled in there, of an example whose days are moved to now."""
    by = clock.now().date() - consult.DAY
    intake = consult.example(name)
    birth = intake.get("person", {}).get("birth_date")
    moved = _moved(intake, by)
    if birth is not None:
        moved["person"]["birth_date"] = birth
    return dict(consult.screens(moved))


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, Mapping):
        return {key: _moved(each, by) for key, each in value.items()}
    if isinstance(value, list):
        return [_moved(each, by) for each in value]
    return value + by if isinstance(value, date) else value


def path(walk: Walk) -> str:
    """Where one is."""
    return urlsplit(walk.page.url).path


def screen(walk: Walk) -> str | None:
    """Which question one is asked."""
    found = QUESTION.search(path(walk))
    return found.group(1) if found else None


def fill_in(walk: Walk, fields: Fields) -> None:
    """Put answers into the fields of a screen; rows that are missing are added."""
    for _ in range(int(fields.get("rows", 1)) - 1):
        _add_row(walk)
    for name, value in fields.items():
        if name not in {"rows", "do"}:
            for each in value if isinstance(value, list) else [value]:
                put(walk, name, str(each))


def _add_row(walk: Walk) -> None:
    """Press "One more", which needs something in the rows before."""
    rows = walk.page.locator("fieldset.entry")
    before = rows.count()
    first = rows.last.locator("input[type=text], select").first
    if first.evaluate("each => each.tagName") == "SELECT":
        first.select_option(index=1)
    else:
        first.fill("x")
    walk.page.locator("button[name=do][value=add]").click()
    rows.nth(before).wait_for()


def put(walk: Walk, name: str, value: str) -> None:
    """Put a value into a field of whatever kind."""
    several = walk.page.locator(f'input[name="{name}"]:is([type=radio], [type=checkbox])')
    if several.count():
        chosen = walk.page.locator(f'input[name="{name}"][value="{value}"]') if several.count() > 1 else several
        _open_around(walk, name)
        chosen.first.check()
        return
    field = walk.page.locator(f'[name="{name}"]:is(input, textarea, select)')
    if field.evaluate("each => each.tagName") == "SELECT":
        options = field.locator("option").evaluate_all("each => each.map((one) => [one.value, one.text])")
        field.select_option(next((given for given, text in options if value in (given, text)), options[1][0]))
    else:
        field.fill(value)


def _open_around(walk: Walk, name: str) -> None:
    """Open what a field is folded away in."""
    folded = walk.page.locator("details:not([open])").filter(has=walk.page.locator(f'input[name="{name}"]'))
    if folded.count():
        folded.first.locator("summary").click()


def answer(walk: Walk, fields: Fields | None) -> None:
    """Answer one screen; what is not told is passed over."""
    if fields is None:
        walk.press("button[name=do][value=skip]")
    elif fields.get("do") == "none":
        walk.press("button[name=do][value=none]")
    else:
        fill_in(walk, fields)
        walk.press("button[name=do][value=answer]")


def answer_all(
    walk: Walk, screens: Mapping[str, Fields], *, at_most: int = MOST_SCREENS, look_at: frozenset[str] = frozenset()
) -> None:
    """Answer until nothing is left to ask, or so many screens; ``look_at`` names those to check on the way."""
    for _ in range(at_most):
        name = screen(walk)
        if name is None and path(walk).endswith("/attention/"):
            walk.press("main form button[type=submit]")
            continue
        if name is None:
            break
        if name in look_at:
            walk.look(f"answering-{name}")
        answer(walk, screens.get(name))
    if screen(walk):
        walk.press('main a[href$="/me/consultation/check/"]')
    assert path(walk).endswith("/me/consultation/check/"), path(walk)


def register(walk: Walk, name: str, address: str, **more: str) -> None:
    """Register at once, from the form to one's own page."""
    walk.go("/register/")
    for field, value in {"name": name, "address": address, "location": "Riverside", "agree": "on", **more}.items():
        put(walk, field, value)
    walk.press("main form button[type=submit]")
    put(walk, "code", walk.server.code(address))
    walk.press("main form button[type=submit]")
    assert path(walk).endswith("/me/"), path(walk)


def begin(walk: Walk) -> None:
    """From one's own page to the first question."""
    walk.press('main a[href$="/me/consultation/"]')
    walk.press("main form button[type=submit]")
    if path(walk).endswith("/known/"):
        walk.look("known-from-registering")
        walk.press("main .button--main")
    assert screen(walk), path(walk)


def sign_in_as_staff(walk: Walk, email: str) -> None:
    """With a code from the outbox and one from the authenticator app."""
    walk.go("/account/sign-in/")
    put(walk, "login", email)
    walk.press("main form button[type=submit]")
    put(walk, "code", walk.server.code(email))
    walk.press("main form button[type=submit]")
    put(walk, "code", walk.server.app_code(email))
    walk.press("main form button[type=submit]")
    assert path(walk).endswith("/clinic/"), path(walk)


def stored(walk: Walk, name: str) -> list[tuple[str, str]]:
    """State and answers of the consultations of somebody."""
    return walk.server.ask(
        "SELECT n.state, n.answers FROM records_consultation n JOIN records_client c ON c.id = n.client_id"
        " WHERE c.name = ?",
        f"{name} Example",
    )
