"""Every page there is, found by walking all addresses, and what stands in those that name something."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.browser.consulting import days_from_now
from tests.browser.demo_server import DemoServer

from pellucid.web.accounts.permissions import Permission

VISITOR = ""
OWNER, PHYSICIAN, CLIENT, ANSWERING = "Olga", "Dr. Doris", "Ana", "Mio"
"""Who looks at a page: somebody of the demo by their first names."""

Named = Callable[[DemoServer], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One page whose address names something, or which is best seen as somebody else."""

    of: str
    """Name of the address."""
    named: Named = lambda _server: {}
    who: str | None = None
    status: int = 200
    query: str | Callable[[DemoServer], str] = ""


def _fixed(**given: str) -> Named:
    return lambda _server: given


MADE_UP = _fixed(token="made-up")  # noqa: S106 - it opens nothing


def _client(name: str) -> Named:
    return lambda server: {"pk": server.client(name)}


def _consultation(name: str, argument: str = "pk") -> Named:
    return lambda server: {argument: server.consultation(name)}


def _question(path: str) -> Line:
    return Line("portal:consultation_question", _fixed(name=path), ANSWERING)


def _member(server: DemoServer) -> dict[str, str]:
    return {"number": server.member("Petra")}


def _visit(state: str, name: str = "", argument: str = "pk") -> Named:
    return lambda server: {argument: server.visit(state, name)}


def _waits(server: DemoServer) -> dict[str, str]:
    return {"pk": server.waiting("Dana")}


def _numbered(table: str, **more: str) -> Named:
    """The first row of a table that pages call by its number."""
    return lambda server: {"number": str(server.ask(f"SELECT min(id) FROM {table}")[0][0]), **more}  # noqa: S608


def _for(name: str, query: str = "") -> Callable[[DemoServer], str]:
    """What a page of the desk is asked for a client."""
    return lambda server: f"?client={server.client(name)}&at=riverside{query.format(day=days_from_now(2))}"


def _day(query: str = "") -> Callable[[DemoServer], str]:
    """The day of the next visit at Riverside, in the calendar."""
    return lambda server: f"?at=riverside&on={server.day_of_a_visit()}{query}"


def _soon(query: str) -> Callable[[DemoServer], str]:
    """A day on which a client looks for a time."""
    return lambda _server: f"?at=riverside&on={days_from_now(2)}{query}"


FACIAL = "&service=pore_cleanup_facial"

LINES: Mapping[str, Line] = {
    "book-answered": Line("portal:book", who=CLIENT),
    "book-ruled-out": Line("portal:book", who="Finn", query="?service=microneedling_infusion"),
    "times": Line("portal:book_times", who=CLIENT, query=f"?at=riverside{FACIAL}"),
    "times-consultation": Line("portal:book_times", who=ANSWERING, query="?at=harbour&service=consultation"),
    "times-not-yet": Line("portal:book_times", who="Finn", query=_soon("&service=aha_peel")),
    "wait": Line("portal:waitlist_join", who=CLIENT, query=f"?at=riverside{FACIAL}"),
    "waiting": Line("portal:waitlist", who="Dana"),
    "visits": Line("portal:appointments", who="Dana"),
    "visit": Line("portal:appointment", _visit("booked", "Ana"), CLIENT),
    "visit-tentative": Line("portal:appointment", _visit("tentative", "Kit"), "Kit"),
    "visit-over": Line("portal:appointment", _visit("done", "Ana"), CLIENT),
    "visit-cancelled": Line("portal:appointment", _visit("cancelled", "Ida"), "Ida"),
    "visit-move": Line("portal:appointment_move", _visit("tentative", "Kit"), "Kit"),
    "visit-cancel": Line("portal:appointment_cancel", _visit("tentative", "Kit"), "Kit"),
    "plan-visits": Line("portal:book_series", who=CLIENT),
    "board": Line("clinic:board", who="Frida", query=_day()),
    "calendar-day": Line("clinic:calendar", who="Frida", query=_day()),
    "calendar-rooms": Line("clinic:calendar", query=_day("&by=room")),
    "calendar-devices": Line("clinic:calendar", query=_day("&by=device")),
    "calendar-week": Line("clinic:calendar", who="Petra", query=_day("&view=week")),
    "desk-visit": Line("clinic:appointment", _visit("booked")),
    "desk-visit-to-sign": Line("clinic:appointment", _visit("tentative"), PHYSICIAN),
    "desk-visit-over": Line("clinic:appointment", _visit("done"), "Frida"),
    "desk-visit-move": Line("clinic:appointment_move", _visit("booked", "Ana"), "Frida"),
    "desk-visit-cancel": Line("clinic:appointment_cancel", _visit("booked", "Ana"), "Frida"),
    "desk-book": Line("clinic:appointment_new", query=_for("Bo")),
    "desk-book-times": Line("clinic:appointment_new", who="Frida", query=_for("Bo", FACIAL + "&on={day}")),
    "desk-waitlist": Line("clinic:waitlist", query="?at=riverside"),
    "desk-wait": Line("clinic:waitlist_add", query=_for("Bo")),
    "desk-offer": Line("clinic:waitlist_offer", _waits),
    "roster": Line("clinic:roster"),
    "roster-as-front-desk": Line("clinic:roster", who="Frida"),
    "roster-member": Line("clinic:roster_member", _member),
    "roster-own": Line("clinic:roster_member", _member, "Petra"),
    "roster-week": Line("clinic:schedule", lambda server: {**_member(server), "slug": "riverside"}),
    "time-off": Line("clinic:time_off_add", _member, "Petra"),
    "busy-elsewhere": Line("clinic:busy_feed_add", _member, "Petra"),
    "extra-remove": Line("clinic:extra_remove", _numbered("records_extrahours")),
    "room": Line("clinic:room", _numbered("sites_room")),
    "device": Line("clinic:device", _numbered("sites_device")),
    "treatment-peel": Line("portal:treatment", _fixed(slug="aha-peel")),
    "treatment-not-sold": Line("portal:treatment", _fixed(slug="rf-microneedling")),
    "learn-pores": Line("portal:learn_topic", _fixed(slug="pores")),
    "learn-myths": Line("portal:learn_topic", _fixed(slug="myths")),
    "document": Line("portal:document", _fixed(kind="photos", version="1")),
    "guardian-over": Line("portal:guardian", MADE_UP, status=410),
    "invitation-over": Line("account_invitation", MADE_UP, status=410),
    "search-found": Line("portal:search", query="?q=steam"),
    "search-nothing": Line("portal:search", query="?q=xyzzy"),
    "question-face": _question("pores.face"),
    "question-choice": _question("person.unexposed_skin"),
    "question-several": _question("health.conditions"),
    "question-yes-no": _question("skin.flushes"),
    "question-whole": _question("person.age"),
    "question-number": _question("habits.sleep_hours"),
    "question-rows": _question("health.medicines"),
    "result": Line("portal:result", _consultation("Ana", "number"), CLIENT),
    "result-chinese-client": Line("portal:result", _consultation("Chia-hui", "number"), "Chia-hui"),
    "result-red-flags": Line("portal:result", _consultation("Kit", "number"), "Kit"),
    "result-itch": Line("portal:result", _consultation("Guan-yu", "number"), "Guan-yu"),
    "result-pregnant": Line("portal:result", _consultation("Ida", "number"), "Ida"),
    "me-filled": Line("portal:me", who=CLIENT),
    "me-answering": Line("portal:me", who=ANSWERING),
    "consultation-check": Line("portal:consultation_check", who=ANSWERING),
    "consultation-discard": Line("portal:consultation_discard", who=ANSWERING),
    "client": Line("clinic:client", _client("Kit")),
    "client-as-front-desk": Line("clinic:client", _client("Kit"), "Frida"),
    "client-edit": Line("clinic:client_edit", _client("Kit")),
    "client-archive": Line("clinic:client_archive", _client("Kit")),
    "client-restore": Line("clinic:client_restore", _client("Kit")),
    "health": Line("clinic:health", _client("Kit"), PHYSICIAN),
    "health-signed": Line("clinic:health", _client("Ana"), PHYSICIAN),
    "history": Line("clinic:history", _client("Ana")),
    "clearance-add": Line("clinic:clearance_add", _client("Kit"), PHYSICIAN),
    "override-sign": Line("clinic:override_sign", _client("Kit"), PHYSICIAN),
    "review": Line("clinic:consultation", _consultation("Kit"), PHYSICIAN),
    "review-signed": Line("clinic:consultation", _consultation("Ana"), PHYSICIAN),
    "letter": Line("clinic:letter", _consultation("Kit"), PHYSICIAN),
    "clinic-start-physician": Line("clinic:start", who=PHYSICIAN),
    "clinic-start-front-desk": Line("clinic:start", who="Frida"),
    "clients-found": Line("clinic:clients", query="?search=kit"),
    "clients-nobody": Line("clinic:clients", query="?search=xyzzy"),
    "service": Line("clinic:service", _fixed(treatment="led")),
    "offer": Line("clinic:offer", _fixed(slug="first-look")),
    "document-next": Line("clinic:document", _fixed(kind="terms")),
    "window": Line("clinic:window", _fixed(name="rx_retinoid_before")),
    "cap": Line("clinic:cap", _fixed(name="cleanse")),
    "staff-member": Line("clinic:staff_member", _member),
    "style-page": Line("ui:styleguide", who=PHYSICIAN),
}
"""Pages whose addresses name something, and pages that are worth another look."""

NO_PAGES: Mapping[str, str] = {
    "demo_link": "signs in",
    "healthz": "for machines",
    "robots": "for machines",
    "sitemap": "for machines",
    "account_request_login_code": "leads on",
    "account_signup": "leads on",
    "mfa_login_webauthn": "for scripts",
    "mfa_download_recovery_codes": "a file",
    "mfa_remove_webauthn": "test_passkey.py",
    "mfa_edit_webauthn": "test_passkey.py",
    "portal:result_pdf": "a file",
    "portal:register_code_again": "takes forms only",
    "calendar": "for machines",
    "portal:book_hold": "takes forms only",
    "portal:appointment_confirm": "takes forms only",
    "portal:appointment_invite": "a file",
    "portal:waitlist_join": "leads on",
    "portal:waitlist_leave": "takes forms only",
    "portal:offer": "test_booking.py",
    "portal:consultation_begin": "takes forms only",
    "portal:consultation_submit": "takes forms only",
    "clinic:calendar_part": "for scripts",
    "clinic:appointment_missed": "takes forms only",
    "clinic:appointment_done": "takes forms only",
    "clinic:appointment_sign": "takes forms only",
    "clinic:waitlist_leave": "takes forms only",
    "clinic:time_off_remove": "takes forms only",
    "clinic:busy_feed_remove": "takes forms only",
    "clinic:closure_remove": "takes forms only",
    "clinic:sign": "takes forms only",
    "clinic:again": "takes forms only",
    "clinic:clearance_withdraw": "test_states.py",
    "clinic:override_withdraw": "test_states.py",
    "clinic:enquiry_answered": "takes forms only",
    "clinic:import_confirm": "takes forms only",
    "clinic:invitation_again": "takes forms only",
    "clinic:invitation_revoke": "takes forms only",
    "clinic:message_now": "takes forms only",
    "clinic:message_aside": "takes forms only",
    "clinic:job_again": "takes forms only",
}
"""Addresses that are looked at elsewhere or not at all, and why."""

MISSING_UNTIL_MADE = {"mfa_view_recovery_codes": 404}
"""Answers other than 200 of addresses that name nothing, to somebody of the demo."""


def addresses() -> Iterator[tuple[str, URLPattern]]:
    """Every address by its whole name."""
    yield from _below(get_resolver(), "")


def _below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from _below(found, f"{prefix}{found.namespace}:" if found.namespace else prefix)
        else:
            yield f"{prefix}{found.name}", found


PATTERNS = dict(addresses())


def _of_their_own() -> dict[str, Line]:
    """A line for each address that names nothing."""
    plain = [name for name, found in PATTERNS.items() if not found.pattern.converters and name not in NO_PAGES]
    return {name.replace(":", "-"): Line(name, status=MISSING_UNTIL_MADE.get(name, 200)) for name in plain}


PAGES: Mapping[str, Line] = {**_of_their_own(), **LINES}
"""What it is called -> which page."""


def without_a_line() -> set[str]:
    """Addresses that nobody looks at."""
    return {*PATTERNS} - {line.of for line in PAGES.values()} - {*NO_PAGES}


def who_looks(line: Line) -> str:
    """The person whose page it is, by the permission that its view names."""
    if line.who is not None:
        return line.who
    match getattr(PATTERNS[line.of].callback, "permission", Permission.PUBLIC):
        case Permission.PUBLIC:
            return VISITOR
        case Permission.OWN_RECORD:
            return ANSWERING
        case _:
            return OWNER


def path_of(line: Line, server: DemoServer) -> str:
    """Where it is, without the language in front."""
    query = line.query if isinstance(line.query, str) else line.query(server)
    return reverse(line.of, kwargs=line.named(server)) + query
