"""Who gets in where: every address against everybody, asked and sent to.

The addresses are found by walking the root of all addresses; one without a row in the table fails by name. A row says
who gets in; anybody else who is signed in is refused (403), a visitor is led to sign in. ``hidden`` are those who might
see such a thing, but not this one: for them it isn't there (404).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web.booking_things import roster_of, visits_of
from tests.web.cast import THEN, signed_in
from tests.web.staff_pages import given_in

from pellucid.web.accounts.actions import Position, invite
from pellucid.web.accounts.middleware import DefaultDenyMiddleware
from pellucid.web.accounts.models import Invitation, Role, User
from pellucid.web.records.models import Client, Enquiry
from pellucid.web.sites.models import Location, Offer, Service
from pellucid.web.sites.publish import publish_starting_texts

pytestmark = pytest.mark.django_db

STAFF = frozenset({"petra", "doris", "omar", "frida", "olga"})
CLIENTS = frozenset({"alice", "bob"})
SIGNED_IN = STAFF | CLIENTS
VISITOR = "visitor"
EVERYBODY = SIGNED_IN | {VISITOR}
PRACTITIONERS = frozenset({"petra", "doris", "omar"})
OWNER = frozenset({"olga"})
FAULT, NOT_OPEN = 500, 503
ENDS_THE_SESSION = frozenset({"account_logout", "account_sign_out_everywhere"})
NOWHERE = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Row:
    """Who gets in at one address."""

    may: frozenset[str]
    hidden: frozenset[str] = frozenset()
    given: str = ""
    """Which of ``things`` the address names."""
    not_theirs: frozenset[str] = frozenset()
    """Those who may do such a thing, but not to this one, though they see it: they are refused where it is done."""


PUBLIC = Row(EVERYBODY)
OWN = Row(CLIENTS)
OFFERING = Row(OWNER)
SEES_ALICE = frozenset({"petra", "doris", "frida", "olga"})
KNOWS_HEALTH = frozenset({"petra", "doris", "olga"})
TREATS_ALICE = frozenset({"petra", "doris"})
ELSEWHERE = frozenset({"omar"})
NOT_THEIR_TIME = frozenset({"doris", "frida"})
OWN_TIME = frozenset({"petra", "olga"})

TABLE: Mapping[str, Row] = {
    "healthz": PUBLIC,
    "robots": PUBLIC,
    "sitemap": PUBLIC,
    "calendar": Row(EVERYBODY, given="token"),
    "demo_link": Row(EVERYBODY, given="signed"),
    "account": Row(SIGNED_IN),
    "account_login": PUBLIC,
    "account_confirm_login_code": PUBLIC,
    "account_request_login_code": PUBLIC,
    "account_signup": PUBLIC,
    "mfa_authenticate": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    "account_logout": PUBLIC,
    "account_sign_out_everywhere": Row(SIGNED_IN),
    "account_inactive": PUBLIC,
    "account_second_factor": Row(SIGNED_IN),
    "mfa_index": Row(SIGNED_IN),
    "mfa_reauthenticate": Row(STAFF),
    "mfa_activate_totp": Row(SIGNED_IN),
    "mfa_deactivate_totp": Row(STAFF, CLIENTS),
    "mfa_view_recovery_codes": Row(frozenset(), SIGNED_IN),
    "mfa_generate_recovery_codes": Row(SIGNED_IN),
    "mfa_download_recovery_codes": Row(frozenset(), SIGNED_IN),
    "mfa_list_webauthn": Row(SIGNED_IN),
    "mfa_add_webauthn": Row(SIGNED_IN),
    "mfa_reauthenticate_webauthn": Row(STAFF),
    "mfa_remove_webauthn": Row(STAFF, CLIENTS, given="passkey"),
    "mfa_edit_webauthn": Row(STAFF, CLIENTS, given="passkey"),
    "account_invitation": Row(EVERYBODY, given="token"),
    "clinic:start": Row(STAFF),
    "clinic:clients": Row(STAFF),
    "clinic:import": Row(OWNER),
    "clinic:import_confirm": Row(OWNER),
    "clinic:client": Row(SEES_ALICE, ELSEWHERE, "client"),
    "clinic:client_edit": Row(SEES_ALICE, ELSEWHERE, "client"),
    "clinic:client_archive": Row(SEES_ALICE, ELSEWHERE, "client"),
    "clinic:client_restore": Row(SEES_ALICE, ELSEWHERE, "client"),
    "clinic:health": Row(KNOWS_HEALTH, ELSEWHERE, "client"),
    "clinic:history": Row(KNOWS_HEALTH, ELSEWHERE, "client"),
    "clinic:clearance_add": Row(TREATS_ALICE, ELSEWHERE, "client"),
    "clinic:clearance_withdraw": Row(frozenset(), PRACTITIONERS, "paper"),
    "clinic:override_sign": Row(TREATS_ALICE, ELSEWHERE, "client"),
    "clinic:override_withdraw": Row(frozenset(), PRACTITIONERS, "paper"),
    "clinic:reviews": Row(PRACTITIONERS | OWNER),
    "clinic:consultation": Row(KNOWS_HEALTH, ELSEWHERE, "consultation"),
    "clinic:sign": Row(TREATS_ALICE, ELSEWHERE, "consultation"),
    "clinic:again": Row(TREATS_ALICE, ELSEWHERE, "consultation"),
    "clinic:letter": Row(TREATS_ALICE, ELSEWHERE, "consultation"),
    "clinic:enquiries": Row(STAFF),
    "clinic:enquiry_answered": Row(STAFF, given="enquiry"),
    "clinic:board": Row(STAFF),
    "clinic:calendar": Row(STAFF),
    "clinic:calendar_part": Row(STAFF),
    "clinic:appointment_new": Row(STAFF),
    "clinic:misfits": Row(STAFF),
    "clinic:appointment": Row(SEES_ALICE, ELSEWHERE, "visit"),
    "clinic:appointment_move": Row(SEES_ALICE, ELSEWHERE, "visit"),
    "clinic:appointment_cancel": Row(SEES_ALICE, ELSEWHERE, "visit"),
    "clinic:appointment_missed": Row(SEES_ALICE, ELSEWHERE, "visit"),
    "clinic:appointment_done": Row(SEES_ALICE, ELSEWHERE, "visit"),
    "clinic:appointment_sign": Row(TREATS_ALICE, ELSEWHERE, "visit"),
    "clinic:waitlist": Row(STAFF),
    "clinic:waitlist_add": Row(STAFF),
    "clinic:waitlist_offer": Row(SEES_ALICE, ELSEWHERE, "waiting"),
    "clinic:waitlist_leave": Row(SEES_ALICE, ELSEWHERE, "waiting"),
    "clinic:roster": Row(STAFF),
    "clinic:roster_member": Row(SEES_ALICE, ELSEWHERE, "person"),
    "clinic:schedule": Row(OWNER, given="week"),
    "clinic:time_off_add": Row(OWN_TIME, ELSEWHERE, "person", NOT_THEIR_TIME),
    "clinic:time_off_remove": Row(OWN_TIME, ELSEWHERE, "off", NOT_THEIR_TIME),
    "clinic:busy_feed_add": Row(OWN_TIME, ELSEWHERE, "person", NOT_THEIR_TIME),
    "clinic:busy_feed_remove": Row(OWN_TIME, ELSEWHERE, "feed", NOT_THEIR_TIME),
    "clinic:closure_add": OFFERING,
    "clinic:closure_remove": Row(OWNER, given="closure"),
    "clinic:extra_add": OFFERING,
    "clinic:extra_remove": Row(OWNER, given="extra"),
    "clinic:booking_settings": OFFERING,
    "clinic:resources": OFFERING,
    "clinic:room_new": OFFERING,
    "clinic:room": Row(OWNER, given="room"),
    "clinic:device_new": OFFERING,
    "clinic:device": Row(OWNER, given="device"),
    "clinic:services": OFFERING,
    "clinic:service": Row(OWNER, given="service"),
    "clinic:offers": OFFERING,
    "clinic:offer_new": OFFERING,
    "clinic:offer": Row(OWNER, given="offer"),
    "clinic:documents": OFFERING,
    "clinic:document": Row(OWNER, given="kind"),
    "clinic:rules": OFFERING,
    "clinic:window": Row(OWNER, given="window"),
    "clinic:cap": Row(OWNER, given="cap"),
    "clinic:staff": OFFERING,
    "clinic:staff_invite": OFFERING,
    "clinic:staff_member": Row(OWNER, given="member"),
    "clinic:invitation_again": Row(OWNER, given="invitation"),
    "clinic:invitation_revoke": Row(OWNER, given="invitation"),
    "clinic:operations": OFFERING,
    "clinic:message_now": Row(frozenset(), OWNER, "nothing"),
    "clinic:message_aside": Row(frozenset(), OWNER, "nothing"),
    "clinic:job_again": Row(frozenset(), OWNER, "nothing"),
    "clinic:audit": OFFERING,
    "ui:styleguide": Row(STAFF),
    "portal:home": PUBLIC,
    "portal:treatments": PUBLIC,
    "portal:treatment": Row(EVERYBODY, given="treatment"),
    "portal:learn": PUBLIC,
    "portal:sources": PUBLIC,
    "portal:learn_topic": Row(EVERYBODY, given="topic"),
    "portal:questions": PUBLIC,
    "portal:search": PUBLIC,
    "portal:offers": PUBLIC,
    "portal:team": PUBLIC,
    "portal:contact": PUBLIC,
    "portal:ask": PUBLIC,
    "portal:asked": PUBLIC,
    "portal:terms": PUBLIC,
    "portal:privacy": PUBLIC,
    "portal:document": Row(EVERYBODY, given="wording"),
    "portal:about": PUBLIC,
    "portal:register": PUBLIC,
    "portal:register_code": PUBLIC,
    "portal:register_code_again": PUBLIC,
    "portal:guardian": Row(EVERYBODY, given="token"),
    "portal:consents": OWN,
    "portal:me": OWN,
    "portal:consultation": OWN,
    "portal:consultation_begin": OWN,
    "portal:consultation_known": OWN,
    "portal:consultation_attention": OWN,
    "portal:consultation_check": OWN,
    "portal:consultation_submit": OWN,
    "portal:consultation_discard": OWN,
    "portal:consultation_question": Row(CLIENTS, given="question"),
    "portal:result": Row(frozenset({"alice"}), frozenset({"bob"}), "result"),
    "portal:result_pdf": Row(frozenset({"alice"}), frozenset({"bob"}), "result"),
    "portal:book": OWN,
    "portal:book_times": OWN,
    "portal:book_hold": OWN,
    "portal:book_series": OWN,
    "portal:appointments": OWN,
    "portal:appointment": Row(frozenset({"alice"}), frozenset({"bob"}), "visit"),
    "portal:appointment_confirm": Row(frozenset({"alice"}), frozenset({"bob"}), "visit"),
    "portal:appointment_move": Row(frozenset({"alice"}), frozenset({"bob"}), "visit"),
    "portal:appointment_cancel": Row(frozenset({"alice"}), frozenset({"bob"}), "visit"),
    "portal:appointment_invite": Row(frozenset({"alice"}), frozenset({"bob"}), "visit"),
    "portal:waitlist": OWN,
    "portal:waitlist_join": OWN,
    "portal:waitlist_leave": Row(frozenset({"alice"}), frozenset({"bob"}), "waiting"),
    "portal:offer": Row(frozenset({"alice"}), frozenset({"bob"}), "offered"),
    "portal:calendar_feed": OWN,
}
"""Address to who gets in."""


def addresses() -> Iterator[tuple[str, URLPattern]]:
    """Every address there is, by its whole name."""
    yield from _below(get_resolver(), "")


def _below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from _below(found, f"{prefix}{found.namespace}:" if found.namespace else prefix)
        else:
            yield f"{prefix}{found.name}", found


NAMES = sorted(name for name, _ in addresses())


Things = Callable[[str], dict[str, Any]]


@pytest.fixture
def things(alice: User, petra: User, olga: User, north: Location) -> Things:
    """What addresses name: Alice's record, her consultation (made where one is named), one of everything else."""

    def things(given: str) -> dict[str, Any]:
        if given in {"consultation", "result"}:
            made = given_in(alice, "almost_nothing_answered")
            return {"pk": made.pk} if given == "consultation" else {"number": made.pk}
        if given in {"visit", "waiting", "offered"}:
            return {"pk": visits_of(record)[given]}
        if given in {"person", "week", "off", "feed", "closure", "extra", "room", "device"}:
            return roster_of(petra.membership, north)[given]
        return standing[given] if given else {}

    publish_starting_texts(by="system", now=THEN)
    record = Client.objects.get(user=alice)
    service = Service.objects.create(treatment="led")
    offer = Offer.objects.create(slug="spring", title={"en": "Spring"}, starts=THEN.date(), ends=THEN.date())
    enquiry = Enquiry.objects.create(name="A", contact="a@example.com", text="?", asked_at=THEN)
    position = Position(role=Role.FRONT_DESK, location=north)
    invited: Invitation = invite(name="Ned", email="ned@example.com", position=position, by=olga, now=THEN)
    standing: dict[str, dict[str, Any]] = {
        "client": {"pk": record.pk},
        "paper": {"pk": record.pk, "number": 999},
        "enquiry": {"pk": enquiry.pk},
        "service": {"treatment": service.treatment},
        "treatment": {"slug": "led"},
        "offer": {"slug": offer.slug},
        "kind": {"kind": "terms"},
        "wording": {"kind": "terms", "version": 1},
        "window": {"name": "rx_retinoid_before"},
        "cap": {"name": "cleanse"},
        "member": {"number": olga.membership.pk},
        "invitation": {"pk": invited.pk},
        "nothing": {"pk": NOWHERE},
        "token": {"token": "made-up"},
        "signed": {"signed": "made-up"},
        "topic": {"slug": "pores"},
        "question": {"name": "person.birth_date"},
        "passkey": {"pk": 999},
    }
    return things


@pytest.fixture
def browser_of(request: pytest.FixtureRequest) -> Callable[[str], Browser]:
    """A browser of anybody in the cast."""

    def browser_of(who: str) -> Browser:
        return Browser() if who == VISITOR else signed_in(request.getfixturevalue(who))

    return browser_of


def outcome(answer: Any) -> str:
    """What became of somebody, in one word."""
    if answer.status_code == 302 and answer["Location"].startswith("/account/sign-in/?next="):
        return "sign in"
    if answer.status_code == 302 and answer["Location"] == "/account/sign-in/":
        return "sign in"
    if answer.status_code >= FAULT and answer.status_code != NOT_OPEN:
        return "fault"
    return {403: "refused", 404: "hidden", 405: "method"}.get(answer.status_code, "in")


def expected(row: Row, who: str) -> set[str]:
    """What should become of them; at an address for all, being led to sign in is part of getting in."""
    if who in row.may:
        return {"in", "method", "sign in", "hidden"} if row.may == EVERYBODY else {"in", "method"}
    if who in row.hidden:
        return {"hidden", "method"}
    if who in row.not_theirs:
        return {"refused", "method"}
    return {"sign in"} if who == VISITOR else {"refused"}


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(set(NAMES) ^ set(TABLE)) == []


@pytest.mark.parametrize("name", NAMES)
def test_who_gets_in(name: str, things: Things, browser_of: Callable[[str], Browser]) -> None:
    row = TABLE[name]
    path = reverse(name, kwargs=things(row.given))
    strange = {}
    for who in sorted(EVERYBODY):
        with undone():
            browser = browser_of(who)
            browser.raise_request_exception = False
            for method in ("get", "post"):
                answer = getattr(browser, method)(path)
                if outcome(answer) not in expected(row, who):
                    strange[who, method] = (answer.status_code, answer.get("Location", ""))
                if name in ENDS_THE_SESSION and who != VISITOR:
                    browser = browser_of(who)
    assert not strange


@contextmanager
def undone() -> Iterator[None]:
    """What is done here is as if it had not been: who comes next finds the same."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if not row.may & CLIENTS and row.may & STAFF])
def test_staff_without_a_second_factor_get_in_nowhere(
    name: str, things: Things, browser_of: Callable[[str], Browser]
) -> None:
    row = TABLE[name]
    if name.startswith("mfa_"):
        return
    Authenticator.objects.all().delete()
    path = reverse(name, kwargs=things(row.given))
    who = min(row.may & STAFF)
    browser = browser_of(who)
    Authenticator.objects.all().delete()
    assert browser.get(path)["Location"].startswith("/account/second-factor/needed/")


def test_a_view_that_names_no_permission_is_refused(rf: Any, olga: User) -> None:
    def forgotten(request: Any) -> Any:
        raise AssertionError(request)

    request = rf.get("/")
    request.user = olga
    with pytest.raises(PermissionDenied):
        DefaultDenyMiddleware(forgotten).process_view(request, forgotten, (), {})


def test_a_membership_that_rests_opens_nothing(petra: User) -> None:
    browser = signed_in(petra)
    assert browser.get("/clinic/").status_code == 200
    type(petra.membership).objects.update(active=False)
    assert browser.get("/clinic/").status_code == 403


def test_whoever_comes_is_known_after_two_questions_to_the_database(
    petra: User, django_assert_num_queries: Any
) -> None:
    browser = signed_in(petra)
    with django_assert_num_queries(2):
        browser.post("/register/code/")
