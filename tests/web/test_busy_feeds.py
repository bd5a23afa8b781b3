"""Calendars kept elsewhere: only busy times are taken over, and no address leads into our own network."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from threading import Event as Signal
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.web.booking_cast import MONDAY, NOW, moment
from tests.web.booking_visits import starts
from tests.web.cast import signed_in
from tests.web.elsewhere_server import HOST, Elsewhere, served
from tests.web.staff_pages import at, words

from pellucid.booking.minutes import minute_of
from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.jobs.models import Job
from pellucid.web.records import elsewhere
from pellucid.web.records.actions import busy_feeds
from pellucid.web.records.elsewhere import ElsewhereError, fetch, is_public, public_addresses
from pellucid.web.records.models import BusyFeed, BusySpan

ADDRESS = "https://calendar.example/private-4f7a/basic.ics"


def calendar(*events: tuple[str, str]) -> bytes:
    """An .ics with events by Taipei's clock."""
    told = [
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:Dentist\r\n"
        f"DTSTART;TZID=Asia/Taipei:{since}\r\nDTEND;TZID=Asia/Taipei:{until}\r\nEND:VEVENT\r\n"
        for number, (since, until) in enumerate(events)
    ]
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n"
    return f"{head}{''.join(told)}END:VCALENDAR\r\n".encode()


MORNING = calendar(("20261123T090000", "20261123T120000"))


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    with served(tmp_path_factory.mktemp("elsewhere")) as found:
        yield found


def asked(there: Elsewhere, path: str) -> bytes:
    return fetch(there.url(path), look_up=there.look_up, trust=there.trust)


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104 - an address to be refused
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1%eth0",
            "fc00::1",
            "fec0::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:0:7f00:1::1",
        ],
    )
    def test_one_of_our_own_network_is_not_public(self, address: str) -> None:
        assert not is_public(address)

    @pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
    def test_one_of_the_open_net_is(self, address: str) -> None:
        assert is_public(address)

    @pytest.mark.parametrize(
        ("answered", "code"), [(["8.8.8.8", "10.0.0.1"], "private"), (["127.0.0.1"], "private"), ([], "private")]
    )
    def test_a_name_with_one_address_of_our_own_is_refused(self, answered: list[str], code: str) -> None:
        rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in answered]
        with mock.patch("socket.getaddrinfo", return_value=rows), pytest.raises(ElsewhereError, match=code):
            public_addresses(HOST, 443)

    def test_a_name_that_nobody_knows_is_told(self) -> None:
        with mock.patch("socket.getaddrinfo", side_effect=socket.gaierror), pytest.raises(ElsewhereError, match="unkn"):
            public_addresses(HOST, 443)

    @pytest.mark.parametrize(
        "url",
        [
            "http://calendar.example/a.ics",
            "file:///etc/passwd",
            "https:///a.ics",
            "https://name:secret@calendar.example/a.ics",
            "https://calendar.example:0/a.ics",
            "https://calendar.example:port/a.ics",
            "ftp://calendar.example/a.ics",
        ],
    )
    def test_only_https_is_asked(self, url: str) -> None:
        with pytest.raises(ElsewhereError, match="address"):
            fetch(url, look_up=mock.Mock(side_effect=AssertionError("it was looked up")))


class TestFetching:
    def test_the_body_is_handed_on(self, there: Elsewhere) -> None:
        there.says("/a.ics?key=1", MORNING)
        assert asked(there, "/a.ics?key=1") == MORNING

    def test_a_redirect_is_followed_and_judged_anew(self, there: Elsewhere) -> None:
        there.says("/old", b"", 302, Location="/new")
        there.says("/new", MORNING)
        assert asked(there, "/old") == MORNING
        there.says("/http", b"", 301, Location="http://calendar.example/a.ics")
        with pytest.raises(ElsewhereError, match="address"):
            asked(there, "/http")

    def test_a_redirect_that_is_no_address_is_a_fault(self, there: Elsewhere) -> None:
        there.says("/torn", b"", 302, Location="https://[torn/a.ics")
        with pytest.raises(ElsewhereError, match="address"):
            asked(there, "/torn")

    def test_a_redirect_into_our_own_network_is_refused(self, there: Elsewhere) -> None:
        there.says("/inside", b"", 302, Location="https://inside.example/a.ics")

        def look_up(host: str, port: int) -> list[str]:
            rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.0.7", port))]
            with mock.patch("socket.getaddrinfo", return_value=rows):
                return there.look_up(host, port) if host == HOST else public_addresses(host, port)

        with pytest.raises(ElsewhereError, match="private"):
            fetch(there.url("/inside"), look_up=look_up, trust=there.trust)

    def test_a_circle_of_redirects_ends(self, there: Elsewhere) -> None:
        there.says("/round", b"", 307, Location="/round")
        with pytest.raises(ElsewhereError, match="redirects"):
            asked(there, "/round")

    @pytest.mark.parametrize("status", [204, 403, 404, 500, 304])
    def test_another_answer_is_none(self, there: Elsewhere, status: int) -> None:
        there.says("/status", b"", status)
        with pytest.raises(ElsewhereError, match="status"):
            asked(there, "/status")

    def test_packed_answers_are_refused(self, there: Elsewhere) -> None:
        """A small packed one could be a huge calendar."""
        there.says("/packed", b"x", Content_Encoding="gzip")
        with pytest.raises(ElsewhereError, match="status"):
            asked(there, "/packed")

    def test_too_much_is_refused(self, there: Elsewhere) -> None:
        there.says("/large", b"x" * (elsewhere.LARGEST + 1))
        with pytest.raises(ElsewhereError, match="large"):
            asked(there, "/large")

    def test_an_answer_that_is_cut_off_is_none(self, there: Elsewhere) -> None:
        there.says("/cut", MORNING, Content_Length=str(len(MORNING) + 10))
        with pytest.raises(ElsewhereError, match="unreached"):
            asked(there, "/cut")

    def test_a_server_that_takes_for_ever_is_left(self, there: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
        """One byte after the other keeps a timeout of each reading from ever running out."""
        left = Signal()

        def drip(to: BaseHTTPRequestHandler) -> None:
            to.send_response(200)
            to.end_headers()
            while not left.wait(0.05):
                to.wfile.write(b"x")

        there.answers["/drip"] = drip
        monkeypatch.setattr(elsewhere, "PATIENCE", 0.5)
        with pytest.raises(ElsewhereError, match="unreached"):
            asked(there, "/drip")
        left.set()

    def test_a_certificate_that_nobody_vouches_for_is_refused(self, there: Elsewhere) -> None:
        there.says("/a.ics", MORNING)
        with pytest.raises(ElsewhereError, match="unreached"):
            fetch(there.url("/a.ics"), look_up=there.look_up)

    def test_nobody_there(self, there: Elsewhere) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            url = f"https://{HOST}:{closed.getsockname()[1]}/"
        with pytest.raises(ElsewhereError, match="unreached"):
            fetch(url, look_up=there.look_up, trust=there.trust)


def connected(user: User, url: str = ADDRESS) -> BusyFeed:
    return busy_feeds.add_feed(membership=user.membership, name="Mine", url=url, by=user.ref, now=NOW)


def read(feed: BusyFeed, answer: Any, *, now: datetime = NOW) -> str:
    """Read a calendar that answers so."""
    said = {"side_effect": answer} if isinstance(answer, Exception) else {"return_value": answer}
    with mock.patch.object(busy_feeds, "fetch", **said):
        fault: str = busy_feeds.read_feed.do(now=now, feed=str(feed.pk))
    feed.refresh_from_db()
    return fault


def spans(feed: BusyFeed) -> list[tuple[int, int]]:
    return list(feed.spans.values_list("since", "until"))


NINE_TO_TWELVE = [(minute_of(moment(MONDAY, "09:00")), minute_of(moment(MONDAY, "12:00")))]


@pytest.mark.django_db
class TestTakingOver:
    def test_busy_times_are_no_slots(self, petra: User, bookable: None) -> None:
        assert starts(who=petra)[0] == "09:00"
        feed = connected(petra)
        assert read(feed, MORNING) == ""
        assert spans(feed) == NINE_TO_TWELVE
        assert starts(who=petra)[0] == "12:00"
        busy_feeds.remove_feed(pk=feed.pk, by=petra.ref, now=NOW)
        assert starts(who=petra)[0] == "09:00"

    def test_what_was_read_stays_while_it_is_away(self, petra: User) -> None:
        feed = connected(petra)
        read(feed, MORNING)
        later = NOW + timedelta(minutes=15)
        assert read(feed, ElsewhereError("unreached"), now=later) == "unreached"
        assert (spans(feed), feed.fault, feed.read_at, feed.tried_at) == (NINE_TO_TWELVE, "unreached", NOW, later)
        assert read(feed, b"<html>Sign in</html>", now=later) == "file"
        assert spans(feed) == NINE_TO_TWELVE
        assert read(feed, calendar(), now=later) == ""
        assert (spans(feed), feed.fault, feed.read_at) == ([], "", later)

    def test_the_same_again_writes_no_rows(self, petra: User) -> None:
        feed = connected(petra)
        read(feed, MORNING)
        before = set(BusySpan.objects.values_list("pk", flat=True))
        read(feed, MORNING)
        assert set(BusySpan.objects.values_list("pk", flat=True)) == before

    def test_one_that_was_removed_meanwhile_stays_away(self, petra: User) -> None:
        feed = connected(petra)

        def removed(_url: str) -> bytes:
            busy_feeds.remove_feed(pk=feed.pk, by=petra.ref, now=NOW)
            return MORNING

        with mock.patch.object(busy_feeds, "fetch", removed):
            busy_feeds.read_feed.do(now=NOW, feed=str(feed.pk))
        assert not BusyFeed.objects.exists()
        assert not BusySpan.objects.exists()

    def test_each_is_read_in_a_job_of_its_own(self, petra: User, doris: User) -> None:
        feeds = {connected(petra), connected(doris)}
        Job.objects.all().delete()
        busy_feeds.add_file(membership=petra.membership, name="File", text=MORNING, by=petra.ref, now=NOW)
        for _ in range(2):
            assert busy_feeds.read_feeds.do(now=NOW) == 2
        assert {job.arguments["feed"] for job in Job.objects.all()} == {str(feed.pk) for feed in feeds}
        assert Job.objects.count() == 2

    def test_nothing_of_it_is_told_to_anybody(self, petra: User) -> None:
        """Its address is a secret, and its titles are nobody's business."""
        feed = connected(petra)
        read(feed, MORNING)
        told = f"{[*Job.objects.values()]} {[*Event.objects.values()]} {[*BusySpan.objects.values()]}"
        assert str(feed.pk) in told
        assert "private-4f7a" not in told
        assert "Dentist" not in told

    def test_the_same_address_is_connected_once(self, petra: User) -> None:
        assert connected(petra) == connected(petra)
        assert Event.objects.filter(action="busy_feed.added").count() == 1

    def test_there_is_an_end_to_it(self, petra: User) -> None:
        for number in range(busy_feeds.MOST):
            connected(petra, f"https://calendar.example/{number}.ics")
        with pytest.raises(busy_feeds.TooManyFeedsError):
            connected(petra, "https://calendar.example/more.ics")


@pytest.mark.django_db
class TestPages:
    def sent(self, user: User, whose: User, **typed: Any) -> Any:
        with at(NOW):
            url = reverse("clinic:busy_feed_add", args=[whose.membership.pk])
            return signed_in(user).post(url, {"name": "Mine", **typed})

    @pytest.mark.parametrize("typed", [ADDRESS, ADDRESS.replace("https", "webcal"), f"  {ADDRESS} "])
    def test_a_practitioner_connects_their_own(self, petra: User, typed: str) -> None:
        assert self.sent(petra, petra, url=typed).status_code == 302
        feed = BusyFeed.objects.get()
        assert (feed.url, feed.membership) == (ADDRESS, petra.membership)
        assert Job.objects.get().arguments == {"feed": str(feed.pk)}

    @pytest.mark.parametrize(
        "typed", ["http://calendar.example/a.ics", "calendar", "https://a:b@c.example/", "https://"]
    )
    def test_another_address_is_told_at_its_field(self, petra: User, typed: str) -> None:
        answer = self.sent(petra, petra, url=typed)
        assert "begins with https:// or webcal://" in words(answer)
        assert not BusyFeed.objects.exists()

    def test_a_file_is_read_at_once(self, petra: User) -> None:
        for name in ("a.ics", "b.ics"):
            assert self.sent(petra, petra, file=SimpleUploadedFile(name, MORNING)).status_code == 302
        assert spans(BusyFeed.objects.get()) == NINE_TO_TWELVE

    def test_what_is_no_calendar_is_told(self, petra: User) -> None:
        answer = self.sent(petra, petra, file=SimpleUploadedFile("a.ics", b"hello"))
        assert "be read as a calendar" in words(answer)
        assert "Please give either" in words(self.sent(petra, petra))
        both = self.sent(petra, petra, url=ADDRESS, file=SimpleUploadedFile("a.ics", MORNING))
        assert "Please give either" in words(both)
        assert not BusyFeed.objects.exists()

    def test_it_is_nobody_elses_matter_but_the_owners(self, petra: User, doris: User, frida: User, olga: User) -> None:
        refused = [self.sent(user, petra, url=ADDRESS).status_code for user in (doris, frida)]
        assert refused == [403, 403]
        assert self.sent(olga, petra, url=ADDRESS).status_code == 302
        feed = BusyFeed.objects.get()
        remove = partial(reverse, "clinic:busy_feed_remove", args=[feed.pk])
        assert signed_in(doris).post(remove()).status_code == 403
        assert BusyFeed.objects.exists()
        browser = signed_in(petra)
        assert [browser.post(remove()).status_code for _ in range(2)] == [302, 302]
        assert not BusyFeed.objects.exists()

    def test_a_fault_is_told_with_what_to_do_and_never_with_the_address(self, petra: User, doris: User) -> None:
        feed = connected(petra)
        read(feed, ElsewhereError("status"))
        page = reverse("clinic:roster_member", args=[petra.membership.pk])
        shown = signed_in(petra).get(page)
        assert "connect it anew" in words(shown)
        assert "private-4f7a" not in shown.content.decode()
        assert "Mine" not in words(signed_in(doris).get(page))
