"""Pages in the states that a demo doesn't show by itself: wrong, urgent, very long, empty, signed away."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.browser.addresses import PAGES, path_of, who_looks
from tests.browser.consulting import answer, begin, path, put, register
from tests.browser.demo_server import DemoServer
from tests.browser.walk import PHONE, TABLET, Device, Walk

Open = Callable[[Device], Walk]
SUBMIT = "main form button:not([type=button]):not([formaction])"
SAVE = "main form:has(input:not([type=hidden]), textarea, select) button.button--main"
DARK_TABLET = Device(820, 1180, dark=True, language="zh-hant")
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3
FORMS = (
    "clinic-staff_invite",
    "clinic-offer_new",
    "clinic-import",
    "client-edit",
    "clearance-add",
    "override-sign",
    "window",
    "cap",
    "portal-ask",
    "portal-register",
)
"""Pages with a form that can't be sent empty."""
EMPTY = """() => {
    for (const each of document.querySelectorAll("main form :is(input, textarea)")) {
        if (["text", "email", "tel", "date", "number"].includes(each.type) && !each.closest("[aria-hidden]")) {
            each.value = "";
        }
    }
    for (const form of document.querySelectorAll("main form")) form.noValidate = true;
}"""


@pytest.mark.parametrize("device", [PHONE, DARK_TABLET], ids=["phone", "tablet"])
@pytest.mark.parametrize("name", FORMS)
def test_a_form_sent_empty_says_what_is_missing(name: str, device: Device, opened: Open, server: DemoServer) -> None:
    walk, line = opened(device), PAGES[name]
    if who_looks(line):
        walk.sign_in(who_looks(line))
    walk.go(path_of(line, server))
    walk.page.evaluate(EMPTY)
    with walk.expecting(400, 422):
        walk.press(SAVE)
        assert walk.page.locator("main .errorlist").count()
        walk.look(f"wrong-{name}")


def test_a_wrong_code_is_told_at_the_field(opened: Open) -> None:
    walk = opened(PHONE)
    walk.go("/register/")
    for field, value in {"name": "A", "address": "wrong@example.org", "location": "Riverside", "agree": "on"}.items():
        put(walk, field, value)
    walk.press(SUBMIT)
    put(walk, "code", "000000" if walk.server.code("wrong@example.org") != "000000" else "111111")
    with walk.expecting(422):
        walk.press(SUBMIT)
        walk.look("wrong-code")
    assert walk.page.locator("[name=code][aria-invalid=true]").count() == 1


def test_a_wrong_answer_is_told_at_the_field(opened: Open) -> None:
    walk = opened(DARK_TABLET)
    walk.sign_in("Mio")
    walk.go("/me/consultation/question/person.age/")
    answer(walk, {"answer": "two hundred"})
    walk.look("wrong-answer")
    assert walk.page.locator("main .errorlist").count()


def test_one_more_entry_keeps_what_is_there_and_complains_of_nothing(opened: Open) -> None:
    walk = opened(PHONE)
    walk.sign_in("Mio")
    walk.go("/me/consultation/question/health.medicines/")
    put(walk, "row-0-name", "doxycycline")
    walk.page.locator("button[value=add]").click()
    walk.page.locator("[name=row-1-name]").wait_for()
    assert walk.page.locator("[name=row-0-name]").input_value() == "doxycycline"
    assert not walk.page.locator("main .errorlist").count()
    walk.look("one-more-entry")


@pytest.mark.parametrize("device", [PHONE, DARK_TABLET], ids=["phone", "tablet"])
def test_what_is_urgent_comes_first_for_client_and_practitioner(device: Device, opened: Open) -> None:
    walk = opened(device)
    name = f"Urgent {'Night' if device.dark else 'Day'} Example"
    register(walk, name, f"{name.split()[1].lower()}@example.org")
    begin(walk)
    walk.go("/me/consultation/question/now.warning_signs/")
    answer(walk, {"answer": ["face_swelling_or_breathing", "fever"]})
    assert path(walk).endswith("/attention/")
    walk.look("attention")
    walk.press(SUBMIT)
    walk.go("/me/consultation/check/")
    walk.look("check-unfinished")
    walk.press('form[action$="/submit/"] button[type=submit]')
    walk.look("result-urgent")
    assert walk.page.locator("main header .notice--urgent").count()
    desk = opened(device)
    desk.sign_in("Petra")
    desk.look("start-urgent")
    desk.press(f'main a:has-text("{name}")')
    desk.look("review-urgent")
    assert desk.page.locator("main .notice--urgent").count()


def test_a_very_long_name_fits_everywhere(opened: Open, server: DemoServer) -> None:
    walk = opened(PHONE)
    register(walk, LONG, "long@example.org")
    walk.look("long-me")
    desk = opened(TABLET)
    desk.sign_in("Petra")
    desk.go(f"/clinic/clients/?search={LONG[:20]}")
    desk.look("long-clients")
    desk.press(f'main a:has-text("{LONG}")')
    desk.look("long-client")
    desk.press('main a[href$="/health/"]')
    desk.look("long-health")


def test_a_question_that_was_asked_is_listed_and_put_away(opened: Open) -> None:
    walk = opened(PHONE)
    walk.go("/ask/")
    for field, value in {
        "name": "Quinn Example",
        "contact": "quinn@example.org",
        "text": "Is there parking?\n" * 9,
    }.items():
        put(walk, field, value)
    walk.press(SAVE)
    walk.look("asked")
    desk = opened(DARK_TABLET)
    desk.sign_in("Frida")
    desk.go("/clinic/questions/")
    desk.look("enquiries-one")
    desk.press(SUBMIT)
    assert "Quinn" not in desk.page.locator("main form").all_inner_texts()


def test_a_guardian_is_asked_and_agrees(opened: Open, server: DemoServer) -> None:
    walk = opened(PHONE)
    walk.go("/register/")
    put(walk, "under_age", "on")
    young = {"birth_date": "2011-05-04", "guardian_name": "Grown Example", "guardian_contact": "grown@example.org"}
    for field, value in {
        "name": "Young Example",
        "address": "young@example.org",
        "location": "Riverside",
        "agree": "on",
        **young,
    }.items():
        put(walk, field, value)
    walk.look("register-under-age")
    walk.press(SUBMIT)
    put(walk, "code", server.code("young@example.org"))
    walk.press(SUBMIT)
    walk.look("me-under-age")
    found = server.ask('SELECT body FROM outbox_message WHERE "to" = ?', "grown@example.org")
    link = next(word for word in found[0][0].split() if "/register/guardian/" in word)
    other = opened(PHONE)
    other.page.goto(link)
    other.look("guardian")
    put(other, "agree", "on")
    other.press(SUBMIT)
    other.look("guardian-agreed")


def test_a_paper_is_filed_and_withdrawn(opened: Open, server: DemoServer) -> None:
    walk = opened(DARK_TABLET)
    walk.sign_in("Dr. Doris")
    client = server.client("Kit")
    walk.go(f"/clinic/clients/{client}/clearances/add/")
    put(walk, "author", "Dr. Example")
    walk.page.locator("label").filter(has=walk.page.locator("[name=scope]")).first.click()
    walk.press(SAVE)
    walk.look("health-with-a-paper")
    walk.press('main a[href*="/withdraw/"]')
    walk.look("clearance-withdraw")
    put(walk, "reason", "Brought by mistake.")
    walk.press(SAVE)
    walk.look("health-without-the-paper")


def test_somebody_is_invited_to_the_staff(opened: Open, server: DemoServer) -> None:
    walk = opened(TABLET)
    walk.sign_in("Olga")
    walk.go("/clinic/staff/invite/")
    for field, value in {"name": "Ned Example", "email": "ned@example.org", "role": "front_desk"}.items():
        put(walk, field, value)
    put(walk, "location", "Riverside")
    walk.press(SAVE)
    walk.look("staff-invited")
    link = next(word for word in server.newest_body("ned@example.org", "invitation").split() if "/invitation/" in word)
    other = opened(PHONE)
    other.page.goto(link)
    other.look("invitation")
    other.press(SUBMIT)
    other.look("second-factor-needed")


def test_a_list_of_clients_is_looked_at_before_it_comes_in(opened: Open, tmp_path: Path) -> None:
    given = tmp_path / "clients.csv"
    given.write_text("name,email,birth_date\nNew Example,new@example.org,1990-03-18\n,nobody,18.3.90\n", "utf-8")
    walk = opened(DARK_TABLET)
    walk.sign_in("Olga")
    walk.go("/clinic/clients/import/")
    walk.page.locator("input[type=file]").set_input_files(given)
    put(walk, "location", "Riverside")
    with walk.expecting(422):
        walk.press(SAVE)
        walk.look("import-looked-at")
    assert "New Example" in walk.page.locator("main").inner_text()
