"""The staff: who they are and what they may do, and who is invited."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pellucid.web.accounts.actions import (
    LastOwnerError,
    Position,
    StaffError,
    change_membership,
    invite,
    revoke_invitation,
)
from pellucid.web.accounts.models import Invitation, Membership, Role
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.people import InviteForm, MemberForm
from pellucid.web.clinic.people import member
from pellucid.web.clinic.views.offering import edited
from pellucid.web.sites import clock


@allow(Permission.MANAGE_STAFF)
def staff(request: HttpRequest) -> HttpResponse:
    """List the staff and the invitations that wait."""
    context = {
        "members": Membership.objects.select_related("user", "location").order_by("-active", "user__name", "pk"),
        "invitations": Invitation.objects.filter(accepted_at=None, revoked_at=None)
        .select_related("location", "invited_by")
        .order_by("-invited_at"),
        "now": clock.now(),
    }
    return render(request, "clinic/staff.html", context)


@allow(Permission.MANAGE_STAFF)
def staff_member(request: HttpRequest, number: int) -> HttpResponse:
    """Change what one of the staff is."""
    found = get_object_or_404(Membership.objects.select_related("user"), pk=number)
    form = MemberForm(request.POST or None, membership=found)
    if request.method == "POST" and form.is_valid() and _changed(request, found, form):
        messages.success(request, _("Saved."))
        return redirect("clinic:staff")
    return edited(request, form, title=found.user.name, back="clinic:staff", subject=f"membership.{found.pk}")


def _changed(request: HttpRequest, found: Membership, form: MemberForm) -> bool:
    try:
        change_membership(
            membership=found,
            position=form.changed_position(),
            by=member(request).user,
            now=clock.now(),
            reason=form.cleaned_data["reason"],
        )
    except LastOwnerError:
        form.add_error("role", _("This is the last owner. Make somebody else an owner first."))
        return False
    return True


@allow(Permission.MANAGE_STAFF)
def staff_invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            invite(
                name=chosen["name"],
                email=chosen["email"],
                position=form.position(),
                by=member(request).user,
                now=clock.now(),
            )
        except StaffError:
            form.add_error("email", _("This address belongs to one of the staff already."))
        else:
            messages.success(request, _("The invitation is on its way. It holds for seven days."))
            return redirect("clinic:staff")
    return edited(request, form, title=_("Invite somebody"), back="clinic:staff", subject="")


@require_POST
@allow(Permission.MANAGE_STAFF)
def invitation_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an invitation anew, with a new link; the one before holds no more."""
    found = get_object_or_404(Invitation.objects.select_related("location"), pk=pk, accepted_at=None)
    position = Position(Role(found.role), found.level, found.location)
    try:
        invite(name=found.name, email=found.email, position=position, by=member(request).user, now=clock.now())
    except StaffError:
        messages.warning(request, _("This address belongs to one of the staff already."))
    else:
        messages.success(request, _("Sent again. The link of the first mail does not work any more."))
    return redirect("clinic:staff")


@require_POST
@allow(Permission.MANAGE_STAFF)
def invitation_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call an invitation back."""
    found = get_object_or_404(Invitation, pk=pk, accepted_at=None)
    revoke_invitation(invitation=found, by=member(request).user, now=clock.now())
    messages.success(request, _("Called back. The link does not work any more."))
    return redirect("clinic:staff")
