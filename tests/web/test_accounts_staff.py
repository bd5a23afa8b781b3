"""Joining, changing and leaving the staff."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from tests.web.cast import THEN, make_staff, make_user, signed_in

from pellucid.web.accounts.actions import (
    InvitationError,
    LastOwnerError,
    Position,
    StaffError,
    accept_invitation,
    change_membership,
    find_invitation,
    invite,
    revoke_invitation,
)
from pellucid.web.accounts.models import Invitation, Membership, Role, User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.sites import clock
from pellucid.web.sites.models import Location

pytestmark = pytest.mark.django_db
DESK = Position(role=Role.FRONT_DESK)
PRACTITIONER = Position(role=Role.PRACTITIONER, level=2)


def token() -> str:
    found = re.search(
        r"/account/invitation/([^/\s]+)/", Message.objects.filter(kind="invitation").latest("created_at").body
    )
    assert found is not None
    return found.group(1)


def invited(olga: User, position: Position = DESK) -> Invitation:
    return invite(name="Ned Example", email="Ned@Example.com", position=position, by=olga, now=clock.now())


def test_an_invitation_goes_by_mail_and_its_token_is_kept_only_as_a_hash(olga: User) -> None:
    made = invited(olga)
    assert Message.objects.get().to == "ned@example.com"
    assert token() not in str(Invitation.objects.values().get(pk=made.pk))
    assert Event.objects.get().action == "invitation.sent"
    assert "ned" not in str(Event.objects.values().get()).lower()


def test_joining_is_a_press_of_a_button_and_leads_to_the_second_factor(
    client: Browser, olga: User, north: Location
) -> None:
    invited(olga, Position(role=Role.PRACTITIONER, level=2, location=north))
    path = f"/account/invitation/{token()}/"
    assert "Ned Example" in client.get(path).content.decode()
    assert not Membership.objects.filter(role=Role.PRACTITIONER).exists()
    assert client.post(path)["Location"] == "/account/second-factor/needed/"
    ned = Membership.objects.get(user__email="ned@example.com")
    assert (ned.role, ned.level, ned.location, ned.active) == (Role.PRACTITIONER, 2, north, True)
    assert client.session["_auth_user_id"] == str(ned.user_id)


def test_a_link_works_once(client: Browser, olga: User) -> None:
    invited(olga)
    path = f"/account/invitation/{token()}/"
    client.post(path)
    assert Browser().get(path).status_code == 410
    assert Browser().post(path).status_code == 410


def test_a_link_that_was_called_back_or_is_too_old_does_not_hold(olga: User) -> None:
    made = invited(olga)
    with pytest.raises(InvitationError):
        accept_invitation(token=token(), now=made.invited_at + timedelta(days=8))
    revoke_invitation(invitation=made, by=olga, now=THEN)
    with pytest.raises(InvitationError):
        accept_invitation(token=token(), now=made.invited_at)


def test_a_link_holds_only_while_its_sender_may_invite(olga: User) -> None:
    make_staff("Otto", Role.OWNER)
    made = invited(olga)
    change_membership(membership=olga.membership, position=Position(Role.OWNER, active=False), by=olga, now=THEN)
    with pytest.raises(InvitationError):
        accept_invitation(token=token(), now=made.invited_at)


def test_a_link_called_back_at_the_same_moment_is_not_accepted(olga: User, monkeypatch: pytest.MonkeyPatch) -> None:
    made = invited(olga)
    found = find_invitation(token(), now=made.invited_at)
    revoke_invitation(invitation=made, by=olga, now=made.invited_at)
    monkeypatch.setattr("pellucid.web.accounts.actions.find_invitation", lambda *_, **__: found)
    with pytest.raises(InvitationError):
        accept_invitation(token=token(), now=made.invited_at)
    assert not Membership.objects.filter(user__email="ned@example.com").exists()


def test_a_second_invitation_takes_the_place_of_the_first(olga: User) -> None:
    first = invited(olga)
    old = token()
    invited(olga, PRACTITIONER)
    with pytest.raises(InvitationError):
        accept_invitation(token=old, now=first.invited_at)
    assert accept_invitation(token=token(), now=first.invited_at + timedelta(minutes=1)).role == Role.PRACTITIONER


def test_a_client_who_is_invited_stays_a_client(client: Browser, alice: User, olga: User) -> None:
    invite(name="Alice", email="alice@example.com", position=DESK, by=olga, now=clock.now())
    signed_in(alice).post(f"/account/invitation/{token()}/")
    member = Membership.objects.get(user=alice)
    assert (member.role, member.user.client.name) == (Role.FRONT_DESK, "Alice Example")


def test_somebody_elses_invitation_can_not_be_taken(bob: User, olga: User) -> None:
    invited(olga)
    answer = signed_in(bob).post(f"/account/invitation/{token()}/")
    assert "signed in with another address" in answer.content.decode()
    assert not Membership.objects.filter(user=bob).exists()


def test_who_belongs_to_the_staff_is_not_invited_again(petra: User, olga: User) -> None:
    with pytest.raises(StaffError):
        invite(name="Petra", email="petra@example.com", position=DESK, by=olga, now=THEN)


def test_roles_and_levels_go_together() -> None:
    with pytest.raises(StaffError):
        Position(role=Role.PRACTITIONER)
    with pytest.raises(StaffError):
        Position(role=Role.FRONT_DESK, level=1)


@pytest.mark.parametrize("position", [DESK, Position(role=Role.OWNER, active=False)])
def test_the_last_owner_stays(olga: User, position: Position) -> None:
    with pytest.raises(LastOwnerError):
        change_membership(membership=olga.membership, position=position, by=olga, now=THEN)
    assert Membership.objects.get(user=olga).role == Role.OWNER


def test_an_owner_may_go_where_another_stays(olga: User) -> None:
    other = Membership.objects.create(user=make_user("Otto"), role=Role.OWNER)
    change_membership(
        membership=olga.membership, position=Position(role=Role.OWNER, active=False), by=other.user, now=THEN
    )
    with pytest.raises(LastOwnerError):
        change_membership(membership=other, position=DESK, by=other.user, now=THEN)


def test_who_leaves_is_signed_out_at_once(petra: User, olga: User) -> None:
    browser = signed_in(petra)
    resting = Position(role=Role.PRACTITIONER, level=1, location=petra.membership.location, active=False)
    change_membership(membership=petra.membership, position=resting, by=olga, now=THEN, reason="left")
    assert browser.get("/clinic/")["Location"].startswith("/account/sign-in/")
    event = Event.objects.get(action="membership.changed")
    assert (event.reason, event.detail["changed"]) == ("left", {"active": [True, False]})
