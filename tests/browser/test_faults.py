"""What goes wrong between a person and the server: twice, too late, from two places, without a connection."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from tests.browser.consulting import answer, begin, path, put, register, screen, stored
from tests.browser.demo_server import DemoServer
from tests.browser.walk import PHONE, Device, Walk

Open = Callable[[Device], Walk]
SUBMIT = "main form button[type=submit]"
HAND_IN = 'form[action$="/submit/"] button[type=submit]'
YES_NO = "/me/consultation/question/skin.flushes/"


def answering(opened: Open, name: str, device: Device = PHONE) -> Walk:
    """Somebody who has just begun."""
    walk = opened(device)
    register(walk, f"{name} Example", f"{name.lower()}@example.org")
    begin(walk)
    return walk


@pytest.mark.parametrize("device", [PHONE, Device(scripts=False)], ids=["scripts", "no-scripts"])
def test_pressing_twice_does_it_once(device: Device, opened: Open, server: DemoServer) -> None:
    name = "Twice" if device.scripts else "Plainly"
    address = f"{name.lower()}@example.org"
    walk = opened(device)
    walk.go("/register/")
    for field, value in {"name": f"{name} Example", "address": address, "location": "Riverside", "agree": "on"}.items():
        put(walk, field, value)
    with walk.expecting(0):  # the first of the two requests is given up for the second
        walk.page.locator(SUBMIT).dblclick()
        walk.page.wait_for_url("**/register/code/")
    assert len(server.ask('SELECT 1 FROM outbox_message WHERE "to" = ?', address)) == 1
    put(walk, "code", server.code(address))
    walk.press(SUBMIT)
    begin(walk)
    walk.go("/me/consultation/check/")
    with walk.expecting(0):
        walk.page.locator(HAND_IN).dblclick()
        walk.page.wait_for_url("**/me/result/**")
    assert [state for state, _ in stored(walk, name)] == ["submitted"]


def test_going_back_after_handing_in_changes_nothing_and_says_so(opened: Open) -> None:
    walk = answering(opened, "Backward")
    answer(walk, None)
    walk.go("/me/consultation/check/")
    walk.press(HAND_IN)
    result = walk.page.url
    walk.page.go_back()
    if walk.page.locator(HAND_IN).count():
        walk.press(HAND_IN)
        assert walk.page.url == result
    walk.go(YES_NO)
    assert path(walk).endswith("/me/consultation/")
    assert [state for state, _ in stored(walk, "Backward")] == ["submitted"]


def test_an_answer_to_a_consultation_handed_in_meanwhile_is_not_lost_silently(opened: Open) -> None:
    walk = answering(opened, "Late")
    walk.go(YES_NO)
    put(walk, "answer", "yes")
    other = walk.another_tab()
    other.goto("/me/consultation/check/")
    other.locator(HAND_IN).click()
    other.wait_for_url("**/me/result/**")
    with walk.expecting(409):
        walk.press("button[value=answer]")
    assert walk.page.locator('main a[href*="/me/result/"]').count() == 1
    with walk.expecting(409):
        walk.look("answered-too-late")


def test_two_tabs_that_disagree_are_asked_which_is_right(opened: Open) -> None:
    walk = answering(opened, "Tabby")
    walk.go(YES_NO)
    put(walk, "answer", "yes")
    other = walk.another_tab()
    other.goto(YES_NO)
    other.locator("label").filter(has=other.locator("input[value=no]")).click()
    with other.expect_navigation():
        other.locator("button[value=answer]").click()
    assert '"flushes": false' in stored(walk, "Tabby")[0][1]
    with walk.expecting(409):
        walk.press("button[value=answer]")
        walk.look("answered-in-two-tabs")
    assert '"flushes": false' in stored(walk, "Tabby")[0][1]
    walk.press(SUBMIT)
    assert '"flushes": true' in stored(walk, "Tabby")[0][1]


def test_a_session_that_ends_goes_on_where_it_was(opened: Open, server: DemoServer) -> None:
    walk = answering(opened, "Resumed")
    walk.go("/me/consultation/question/person.age/")
    answer(walk, {"answer": "34"})
    here = screen(walk)
    walk.context.clear_cookies(name="sessionid")
    walk.page.locator("button[value=skip]").click()
    walk.page.wait_for_url("**/account/sign-in/**")
    walk.look("signed-out-meanwhile")
    put(walk, "login", "resumed@example.org")
    walk.press(SUBMIT)
    put(walk, "code", server.code("resumed@example.org"))
    walk.press(SUBMIT)
    walk.go("/me/consultation/")
    assert screen(walk) == here
    assert '"age": 34' in stored(walk, "Resumed")[0][1]


def test_without_a_connection_the_page_says_so_and_keeps_what_was_typed(opened: Open) -> None:
    walk = answering(opened, "Offline")
    walk.go("/me/consultation/question/person.age/")
    put(walk, "answer", "41")
    walk.context.set_offline(True)
    notice = walk.page.locator("[data-offline]")
    expect(notice).to_be_visible()
    with walk.expecting(0):
        walk.page.locator("button[value=answer]").click()
        walk.page.wait_for_timeout(500)
    expect(notice).to_be_visible()
    expect(walk.page.locator("[name=answer]")).to_have_value("41")
    walk.context.set_offline(False)
    expect(notice).to_be_hidden()
    walk.press("button[value=answer]")
    assert '"age": 41' in stored(walk, "Offline")[0][1]


def test_a_page_that_is_not_there_leads_on(opened: Open) -> None:
    walk = opened(PHONE)
    walk.go("/no-such-page/", status=404)
    walk.look("not-found")
    assert walk.page.locator("main a").count() >= 1


def test_somebody_elses_page_is_refused_kindly(opened: Open) -> None:
    walk = opened(PHONE)
    walk.sign_in("Ana")
    walk.go("/clinic/", status=403)
    walk.look("refused")
    assert re.search(r"\S", walk.page.locator("main h1").inner_text())
