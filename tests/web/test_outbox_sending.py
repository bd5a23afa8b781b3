"""What is put into the outbox is sent: at once, later, again; lost is nothing, and what was secret is not kept."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import transaction
from pytest_django import Settings
from tests.web.post_office import PostOffice, post_office

from pellucid.web.jobs.schedule import SCHEDULE
from pellucid.web.jobs.worker import do_waiting
from pellucid.web.outbox import background, deliver
from pellucid.web.outbox.background import forget
from pellucid.web.outbox.deliver import CLAIM, PATIENCE, deliver_due
from pellucid.web.outbox.forget import KEPT
from pellucid.web.outbox.models import Message
from pellucid.web.outbox.send import CODE_LASTS, put
from pellucid.web.records.actions.operations import set_aside

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with post_office() as office:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, mail=office.url)
        settings.DEFAULT_FROM_EMAIL = "Clinic <hello@clinic.example>"
        yield office


def waiting(**changed: object) -> Message:
    """A message in the outbox."""
    fields = {"kind": "result_reviewed", "to": "ana@example.org", "subject": "Hello", "body": "Words.", "now": NOW}
    return put(**{**fields, **changed})  # type: ignore[arg-type] # the defaults above, with a test's own


def send(moment: datetime) -> int:
    """Send what is due, by a clock that stands still."""
    return deliver_due(lambda: moment)


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_a_mail_leaves_with_all_its_parts(office: PostOffice) -> None:
    message = waiting(html="<p>Words.</p>")
    assert send(NOW) == 1
    (mail,) = office.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == ("ana@example.org", "Clinic <hello@clinic.example>", "Hello")
    assert mail["Message-ID"] == f"<{message.pk}@clinic.example>"
    plain, page = mail.iter_parts()
    assert "Words." in plain.as_string()
    assert "<p>Words.</p>" in page.as_string()
    assert (state(message), message.sent_at, message.body) == ("sent", NOW, "Words.")


INVITE = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:CANCEL\r\nSUMMARY:Example Clinic 預約\r\nEND:VCALENDAR\r\n"


def test_an_invitation_goes_as_a_part_of_its_kind_and_as_a_file(office: PostOffice) -> None:
    waiting(invite=INVITE, html="<p>Words.</p>")
    send(NOW)
    parts = [part for part in office.mails[0].walk() if not part.is_multipart()]
    kinds = [part.get_content_type() for part in parts]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    assert (parts[2].get_param("method"), parts[3].get_filename()) == ("CANCEL", "visit.ics")
    assert parts[2].get_content().split() == parts[3].get_content().decode().split() == INVITE.split()


def test_it_is_sent_by_the_workers_without_waiting_for_the_minute(office: PostOffice) -> None:
    from pellucid.web.sites import clock  # noqa: PLC0415 - the one test in which time really passes

    waiting(now=clock.now())
    assert do_waiting() == 1
    assert len(office.mails) == 1


def test_it_is_sent_once(office: PostOffice) -> None:
    waiting()
    send(NOW)
    assert send(NOW + DAY) == 0
    assert len(office.mails) == 1


def test_the_same_key_is_one_message(office: PostOffice) -> None:
    first, second = waiting(key="result.1"), waiting(key="result.1", body="Others.")
    assert first.pk == second.pk
    assert send(NOW) == 1


def test_nothing_is_sent_of_what_was_rolled_back(office: PostOffice) -> None:
    with transaction.atomic():
        waiting()
        transaction.set_rollback(True)
    assert do_waiting() == send(NOW) == 0


def test_later_is_later(office: PostOffice) -> None:
    waiting(not_before=NOW + DAY)
    assert send(NOW + DAY - timedelta(seconds=1)) == 0
    assert send(NOW + DAY) == 1


@pytest.mark.parametrize("kind", ["code", "invitation", "guardian"])
def test_what_lets_somebody_in_is_not_kept_once_it_was_sent(office: PostOffice, kind: str) -> None:
    message = waiting(kind=kind, subject="123456", body="Your code: 123456", html="<b>123456</b>")
    send(NOW)
    assert "123456" in office.mails[0].as_string()
    assert (state(message), message.subject, message.body, message.html) == ("sent", "", "", "")


def test_a_code_that_ran_out_is_neither_sent_nor_kept(office: PostOffice) -> None:
    message = waiting(kind="code", subject="123456", body="Your code: 123456")
    assert send(NOW + CODE_LASTS + timedelta(seconds=1)) == 0
    assert (state(message), message.subject, message.body) == ("too_late", "", "")


def test_a_secret_that_was_set_aside_is_not_kept() -> None:
    message = waiting(kind="guardian", body="https://clinic.example/register/guardian/x/")
    assert set_aside(message=message, reason="Told by phone.", by="user.1", now=NOW)
    assert (state(message), message.body) == ("set_aside", "")


def test_a_server_that_is_away_is_tried_again_and_costs_nothing(office: PostOffice) -> None:
    messages = [waiting(), waiting()]
    office.close()
    assert send(NOW) == 0
    assert [state(message) for message in messages] == ["waiting", "waiting"]
    assert sorted(message.attempts for message in messages) == [0, 1]  # one try told enough


def test_waits_grow_and_after_days_it_is_stuck_but_there(office: PostOffice) -> None:
    message, moment, tries = waiting(), NOW, 0
    office.refuse_with = "451 later"
    while state(message) == "waiting":
        moment = max(moment, message.next_at)
        send(moment)
        tries += 1
    assert 15 < tries < 40
    assert (state(message), message.body) == ("stuck", "Words.")
    assert PATIENCE < moment - NOW < PATIENCE + DAY
    assert send(moment + DAY) == 0


def test_a_refusal_for_good_is_not_tried_again(office: PostOffice) -> None:
    message, other = waiting(), waiting(to="bo@example.org")
    office.refuse_with = "550 no such user ana@example.org"
    send(NOW)
    assert (state(message), state(other)) == ("stuck", "stuck")
    assert message.fault == "the mail server: SMTPRecipientsRefused 550"


def test_what_a_killed_process_was_sending_is_sent_again_under_the_same_id(office: PostOffice) -> None:
    message = waiting()
    assert deliver._claim("email", NOW) == message
    assert send(NOW + CLAIM / 2) == 0
    assert send(NOW + CLAIM) == 1
    assert office.mails[0]["Message-ID"] == f"<{message.pk}@clinic.example>"


def test_of_two_that_send_one_gets_the_message(office: PostOffice) -> None:
    waiting()
    assert deliver._claim("email", NOW) is not None
    assert deliver._claim("email", NOW) is None


class SlowCarrier:
    """Takes its time; notes how long each claim still holds as it begins."""

    takes = timedelta(minutes=6)

    def __init__(self) -> None:
        """Begin at the tests' hour."""
        self.now = NOW
        self.left: list[timedelta] = []

    def clock(self) -> datetime:
        return self.now

    def __call__(self, message: Message) -> None:
        """Send nothing, slowly."""
        self.left.append(Message.objects.get(pk=message.pk).next_at - self.now)
        self.now += self.takes


class TestSlowRun:
    """A carrier that takes six minutes a message."""

    @pytest.fixture
    def slow(self, monkeypatch: pytest.MonkeyPatch) -> SlowCarrier:
        slow = SlowCarrier()
        monkeypatch.setattr(deliver, "CARRIERS", {"email": slow})
        return slow

    def test_no_claim_has_run_out_when_it_begins(self, slow: SlowCarrier) -> None:
        for number in range(3):
            waiting(key=str(number))
        assert deliver_due(slow.clock) == 3
        assert slow.left == [CLAIM] * 3
        assert set(Message.objects.values_list("sent_at", flat=True)) == {NOW + slow.takes * n for n in (1, 2, 3)}

    def test_a_code_that_runs_out_meanwhile_is_not_sent(self, slow: SlowCarrier) -> None:
        waiting(key="first")
        waiting(key="second")
        code = waiting(kind="code", now=NOW + timedelta(minutes=1))
        assert deliver_due(slow.clock) == 2
        send(slow.now)
        assert state(code) == "too_late"

    def test_the_workers_go_by_the_running_clock(self, slow: SlowCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
        waiting(key="first")
        waiting(key="second")
        monkeypatch.setattr("pellucid.web.sites.clock.now", slow.clock)
        background.deliver.do(now=NOW)
        assert slow.left == [CLAIM] * 2


class TestForgetting:
    LATER = NOW + KEPT + timedelta(minutes=11)

    @pytest.mark.parametrize("kept_as", ["sent", "too_late", "set_aside"])
    def test_what_is_over_is_deleted_after_a_month(self, office: PostOffice, kept_as: str) -> None:
        message = waiting(kind="code") if kept_as == "too_late" else waiting(now=NOW - KEPT)
        if kept_as == "set_aside":
            set_aside(message=message, reason="Told by phone.", by="user.1", now=NOW)
        send(NOW + timedelta(minutes=11))
        assert state(message) == kept_as
        forget.do(now=NOW + KEPT)
        assert Message.objects.exists()
        forget.do(now=self.LATER + timedelta(seconds=1))
        assert not Message.objects.exists()

    def test_what_somebody_has_to_look_at_stays(self, office: PostOffice) -> None:
        office.refuse_with = "550 no such user"
        message = waiting()
        send(NOW)
        waits = waiting(not_before=NOW + KEPT * 9)
        forget.do(now=NOW + KEPT * 2)
        assert (state(message), state(waits)) == ("stuck", "waiting")

    def test_a_code_to_a_mistyped_address_does_not_stay_stuck_for_ever(self, office: PostOffice) -> None:
        office.refuse_with = "550 no such user"
        message = waiting(kind="code")
        send(NOW)
        forget.do(now=NOW + KEPT)
        assert state(message) == "stuck"
        forget.do(now=self.LATER)
        assert not Message.objects.exists()

    def test_it_is_done_every_day(self) -> None:
        due = SCHEDULE["outbox_forget"]
        assert due.kind is forget
        assert due.last_due(NOW + DAY) - due.last_due(NOW) == DAY


def test_a_clock_put_back_delays_nothing(office: PostOffice) -> None:
    waiting()
    office.refuse_with = "451 later"
    send(NOW + timedelta(hours=3))  # by a clock that was three hours ahead
    office.refuse_with = ""
    assert send(NOW + timedelta(minutes=1)) == 1


def test_without_a_server_mails_wait(settings: Settings) -> None:
    settings.DEMO = False
    message = waiting()
    assert send(NOW) == 0
    assert (state(message), message.fault) == ("waiting", "no mail server is set (PELLUCID_MAIL)")


def test_in_a_demo_they_are_printed_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    message = waiting()
    assert send(NOW) == 1
    assert "--- to ana@example.org: Hello\nWords.\n---\n" in capsys.readouterr().out
    assert (state(message), message.body) == ("sent", "Words.")


def test_nothing_personal_is_logged(office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    message = waiting(to="ana@example.org", subject="For Ana", body="Her answers.")
    office.refuse_with = "451 ana@example.org is over quota"
    send(NOW)
    assert str(message.pk) in caplog.text
    assert not [word for word in ("ana@", "Ana", "answers") if word in caplog.text + Message.objects.get().fault]


class TestTexts:
    @pytest.fixture
    def program(self, settings: Settings, tmp_path: Path) -> Path:
        program = tmp_path / "send text"
        program.write_text(f'#!/bin/sh\necho "$#:$1" > "{tmp_path}/got"\ncat >> "{tmp_path}/got"\n')
        program.chmod(0o700)
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, text_command=str(program))
        return program

    def test_the_program_gets_number_and_words(self, program: Path, tmp_path: Path) -> None:
        message = waiting(channel="text", to="+886912345678", body="你的代碼：123456")
        send(NOW)
        assert state(message) == "sent"
        assert (tmp_path / "got").read_text() == "1:+886912345678\n你的代碼：123456"

    @pytest.mark.parametrize("number", ["--help", "; rm -rf x", "ana@example.org", ""])
    def test_what_is_no_number_reaches_no_program(self, program: Path, tmp_path: Path, number: str) -> None:
        message = waiting(channel="text", to=number)
        send(NOW)
        assert state(message) == "stuck"
        assert not (tmp_path / "got").exists()

    def test_a_program_that_fails_is_tried_again(self, program: Path) -> None:
        program.write_text("#!/bin/sh\nexit 3\n")
        message = waiting(channel="text", to="+886912345678")
        send(NOW)
        assert (state(message), message.fault) == ("waiting", "the program for text messages ended with 3")

    def test_mails_go_on_without_it(self, program: Path, office: PostOffice, settings: Settings) -> None:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, text_command="/nowhere")
        waiting(channel="text", to="+886912345678")
        waiting()
        assert send(NOW) == 1


def test_djangos_own_mails_go_the_same_way(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "pellucid.web.outbox.backend.OutboxBackend"
    send_mail("Hello", "Words.", None, ["ana@example.org", "bo@example.org"])
    letter = EmailMultiAlternatives("Code", "123456", to=["cy@example.org"], headers={"X-Pellucid-Kind": "code"})
    letter.attach_alternative("<p>123456</p>", "text/html")
    letter.send()
    kept = list(Message.objects.order_by("to").values_list("to", "kind", "html"))
    assert kept == [
        ("ana@example.org", "account", ""),
        ("bo@example.org", "account", ""),
        ("cy@example.org", "code", "<p>123456</p>"),
    ]
