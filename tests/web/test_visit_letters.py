"""Letters about visits: each once, in the reader's language, by the clock of the place, with no word about health."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings
from tests.web.booking_cast import FACIAL, NOW, TODAY, moment
from tests.web.post_office import PostOffice, post_office
from tests.web.visits import HOUR, make_visit

from pellucid.web.accounts.models import User
from pellucid.web.outbox.deliver import CLAIM, _claim, deliver_due
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.booking import Booker
from pellucid.web.records.actions.visit_letters import LETTERS, What, letters_of
from pellucid.web.records.models import Appointment, WaitlistEntry, WaitlistOffer
from pellucid.web.records.models.appointment import State
from pellucid.web.sites.models import Location

pytestmark = pytest.mark.django_db

FRIDAY = TODAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def _place(north: Location) -> None:
    """Where visits take place, and whom to call."""
    north.address = "1 Example Road\nTaipei"
    north.phone = "+886 2 0000 0000"
    north.save()


@pytest.fixture
def visit(alice: User, petra: User, north: Location) -> Appointment:
    """Alice's, with Petra a week from now at half past two."""
    return make_visit(alice.client, petra, moment(FRIDAY, "14:30"))


def tell(visit: Appointment, what: What, *, now: datetime = NOW, by: User | None = None) -> Message:
    """Write a letter as the actions do; the newest of those to the client."""
    membership = by.membership if by else None
    with transaction.atomic():
        letters_of(visit, what, booker=Booker(by.ref if by else "user.1", membership, now))
    return Message.objects.get(key=f"visit.{visit.pk}.{what}.{visit.version}")


def waiting() -> list[str]:
    """Kinds of what waits to be sent."""
    return sorted(Message.objects.filter(state="waiting").values_list("kind", flat=True))


class TestLetters:
    def test_it_tells_time_place_and_link_and_nothing_of_what_is_done(self, visit: Appointment) -> None:
        letter = tell(visit, "confirmed")
        assert letter.subject == "Your visit at Example Clinic is booked"
        assert "Friday 27 November 2026, 14:30–15:30 (Taipei, UTC+8)" in letter.body
        assert "Example Clinic, North, 1 Example Road, Taipei" in letter.body
        assert f"http://localhost:8000/me/appointments/{visit.pk}/" in letter.body
        assert (letter.to, letter.useless_after, letter.next_at) == ("alice@example.com", visit.starts, NOW)

    def test_it_speaks_the_clients_language(self, visit: Appointment) -> None:
        visit.client.language = "zh-hant"
        letter = tell(visit, "confirmed")
        assert letter.language == "zh-hant"
        assert letter.subject == "您在 Example Clinic 的預約已完成"
        assert "2026年11月27日（星期五）" in letter.body
        assert f"/zh-hant/me/appointments/{visit.pk}/" in letter.body

    @pytest.mark.parametrize(
        ("zone", "starts", "told"),
        [
            ("Europe/Vienna", datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "01:30–03:30 (Vienna, UTC+1)"),
            ("Europe/Vienna", datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "03:30–04:30 (Vienna, UTC+2)"),
            ("Asia/Kolkata", datetime(2027, 1, 4, 4, 0, tzinfo=UTC), "09:30–10:30 (Kolkata, UTC+5:30)"),
            ("America/St_Johns", datetime(2027, 1, 4, 14, 0, tzinfo=UTC), "10:30–11:30 (St Johns, UTC-3:30)"),
            ("UTC", datetime(2027, 1, 4, 14, 0, tzinfo=UTC), "14:00–15:00 (UTC)"),
            ("Europe/London", datetime(2027, 1, 4, 14, 0, tzinfo=UTC), "14:00–15:00 (London, UTC)"),
        ],
    )
    def test_times_are_those_of_the_place(
        self, alice: User, petra: User, north: Location, zone: str, starts: datetime, told: str
    ) -> None:
        north.zone = zone
        north.save()
        alice.client.location = north
        assert told in tell(make_visit(alice.client, petra, starts), "confirmed").body

    def test_the_same_letter_is_put_once(self, visit: Appointment) -> None:
        assert tell(visit, "confirmed") == tell(visit, "confirmed")
        assert waiting() == ["visit_confirmed"]

    def test_nothing_is_said_of_what_was_rolled_back(self, visit: Appointment) -> None:
        with transaction.atomic():
            letters_of(visit, "confirmed", booker=Booker("user.1", None, NOW))
            transaction.set_rollback(True)
        assert not Message.objects.exists()

    def test_a_tentative_visit_is_told_to_wait_for_a_yes(self, visit: Appointment) -> None:
        visit.state = State.TENTATIVE
        letter = tell(visit, "confirmed")
        assert letter.subject == "Your visit at Example Clinic is kept for you"
        assert "A practitioner has a look first" in letter.body
        assert "A practitioner has said yes" in tell(visit, "signed").body

    def test_who_cancelled_is_told(self, visit: Appointment, petra: User) -> None:
        assert "You have cancelled this visit" in tell(visit, "cancelled").body
        visit.version += 1
        letter = tell(visit, "cancelled", by=petra)
        assert "We are sorry" in letter.body
        assert "+886 2 0000 0000" in letter.body

    def test_the_reason_of_the_staff_stays_inside(self, visit: Appointment, petra: User) -> None:
        visit.reason, visit.note = "a fresh tattoo", "knows the way"
        letter = tell(visit, "cancelled", by=petra)
        assert "tattoo" not in letter.body + letter.subject
        assert "knows" not in letter.body

    def test_without_an_address_nobody_is_written_to(self, visit: Appointment) -> None:
        visit.client.email = ""
        letters_of(visit, "confirmed", booker=Booker("user.1", None, NOW))
        assert not Message.objects.exists()

    def test_a_number_gets_a_text_without_an_invitation(self, visit: Appointment) -> None:
        visit.client.email, visit.client.phone = "", "+886912345678"
        letter = tell(visit, "confirmed")
        assert (letter.channel, letter.to, letter.invite) == ("text", "+886912345678", "")
        assert "Example Clinic" in letter.body

    @pytest.mark.parametrize("what", LETTERS)
    def test_every_letter_has_words_in_both_languages(self, visit: Appointment, what: What) -> None:
        make_offer(visit, NOW + HOUR)
        english = tell(visit, what)
        visit.client.language, visit.version = "zh-hant", 2
        chinese = tell(visit, what)
        assert english.subject != chinese.subject
        assert not {"You", "Your", "visit", "time"} & set(chinese.body.replace(chinese.body[-80:], "").split())

    def test_an_offer_says_until_when_it_is_kept_and_is_of_no_use_after(self, visit: Appointment) -> None:
        make_offer(visit, NOW + 2 * HOUR)
        letter = tell(visit, "offered")
        assert "It is kept for you until Friday 20 November 2026, 14:00 (Taipei, UTC+8)." in letter.body
        assert f"/me/offers/{visit.offer.pk}/" in letter.body
        assert letter.useless_after == visit.held_until


class TestGuardians:
    @pytest.fixture
    def child(self, visit: Appointment) -> Appointment:
        client = visit.client
        client.guardian_name, client.guardian_contact = "Gerda Example", "gerda@example.com"
        client.birth_date = TODAY.replace(year=TODAY.year - 16)
        return visit

    @pytest.mark.parametrize("what", ["confirmed", "moved", "signed", "cancelled"])
    def test_the_guardian_of_a_child_is_told_too(self, child: Appointment, what: What) -> None:
        tell(child, what)
        letter = Message.objects.get(to="gerda@example.com")
        assert "Alice Example" in letter.subject
        assert "14:30" in letter.body
        assert "/me/" not in letter.body

    def test_of_other_things_they_are_not(self, child: Appointment) -> None:
        tell(child, "lapsed_offer")
        assert not Message.objects.filter(to="gerda@example.com")

    def test_they_read_that_it_waits_for_a_yes_and_hear_of_it(self, child: Appointment) -> None:
        child.state = State.TENTATIVE
        tell(child, "confirmed")
        letter = Message.objects.get(to="gerda@example.com")
        assert "A practitioner has a look first and says yes to it; we write to you then." in letter.body
        child.state, child.version = State.BOOKED, 2
        tell(child, "signed")
        later = Message.objects.exclude(pk=letter.pk).get(to="gerda@example.com")
        assert "has a look first" not in later.body

    def test_nor_is_the_guardian_of_somebody_who_has_come_of_age(self, child: Appointment) -> None:
        child.client.birth_date = TODAY.replace(year=TODAY.year - 18)
        tell(child, "confirmed")
        assert not Message.objects.filter(to="gerda@example.com")


class TestWhatStillWaits:
    def test_a_letter_that_did_not_leave_is_not_sent_after_one_that_says_otherwise(self, visit: Appointment) -> None:
        first = tell(visit, "confirmed")
        visit.version += 1
        second = tell(visit, "moved", now=NOW + HOUR)
        assert (state(first), state(second)) == ("set_aside", "waiting")

    def test_one_that_is_stuck_is_not_tried_again(self, visit: Appointment) -> None:
        first = tell(visit, "confirmed")
        Message.objects.filter(pk=first.pk).update(state="stuck")
        visit.version += 1
        tell(visit, "cancelled")
        assert state(first) == "set_aside"

    def test_one_that_is_on_its_way_is_not_tried_again_if_that_fails(
        self, visit: Appointment, office: PostOffice
    ) -> None:
        first = tell(visit, "confirmed")
        _claim("email", NOW)
        visit.version += 1
        second = tell(visit, "moved", now=NOW)
        deliver_due(lambda: NOW + CLAIM)
        assert (state(first), state(second)) == ("too_late", "sent")
        assert len(office.mails) == 1

    def test_letters_of_other_visits_stay(self, visit: Appointment, bob: User, petra: User) -> None:
        other = tell(make_visit(bob.client, petra, visit.starts + HOUR * 2), "confirmed")
        visit.version += 1
        tell(visit, "cancelled")
        assert state(other) == "waiting"


class TestQuietHours:
    LATE = moment(TODAY, "22:00")
    MORNING = moment(TODAY + timedelta(days=1), "08:00")

    def test_an_answer_does_not_wait(self, visit: Appointment) -> None:
        assert tell(visit, "confirmed", now=self.LATE).next_at == self.LATE

    def test_what_nobody_waits_for_does(self, visit: Appointment) -> None:
        assert tell(visit, "signed", now=self.LATE).next_at == self.MORNING

    def test_but_never_until_it_is_too_late(self, visit: Appointment) -> None:
        visit.starts = self.MORNING
        assert tell(visit, "signed", now=self.LATE).next_at == self.LATE


def make_offer(visit: Appointment, until: datetime) -> None:
    """Let a visit be one that is offered to somebody who waits."""
    wanted = {"client": visit.client, "location": visit.location, "treatments": [FACIAL]}
    entry = WaitlistEntry.objects.create(**wanted, since=TODAY, until=FRIDAY, joined_at=NOW)
    WaitlistOffer.objects.create(entry=entry, appointment=visit, offered_at=NOW)
    visit.held_until = until


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with post_office() as office:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, mail=office.url)
        yield office
