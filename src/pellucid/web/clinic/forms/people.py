"""Inviting somebody to the staff, and changing what one of them is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pellucid.model.levels import Level
from pellucid.web.accounts.actions import Position
from pellucid.web.accounts.models import Membership, Role
from pellucid.web.clinic.forms.fields import PARTS, NamedChoice, by_language, reason_field
from pellucid.web.sites.models import Location

ROLES = [(Role.FRONT_DESK, _("Front desk")), (Role.PRACTITIONER, _("Practitioner")), (Role.OWNER, _("Owner"))]
"""Who sees least comes first: what is not chosen with thought gives away nothing."""
LEVELS = [
    ("", _("None")),
    (int(Level.L1), _("L1: licensed esthetician")),
    (int(Level.L2), _("L2: supervised nurse or advanced esthetician")),
    (int(Level.L3), _("L3: physician or directly supervised")),
    (int(Level.L4), _("L4: dermatologist")),
]


def _number(value: Any) -> int | None:
    return int(value) if value else None


class PositionForm(forms.Form):
    """Role, licence level and place, which have to go together."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    level = forms.TypedChoiceField(
        label=_("Licence level"),
        choices=LEVELS,
        coerce=_number,
        empty_value=None,
        required=False,
        help_text=_("Who treats needs one, an owner too. The front desk has none."),
    )
    location = NamedChoice(
        Location.objects.filter(active=True), label=_("Where"), required=False, empty_label=_("Everywhere")
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a level where the role needs one, and for none at the front desk."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        role, level = cleaned.get("role"), cleaned.get("level")
        if role == Role.PRACTITIONER and level is None and "level" not in self.errors:
            self.add_error("level", _("A practitioner needs a licence level."))
        if role == Role.FRONT_DESK and level is not None:
            self.add_error("level", _("The front desk has no licence level."))
        return cleaned

    def position(self, **more: Any) -> Position:
        """What was chosen."""
        chosen = self.cleaned_data
        return Position(Role(chosen["role"]), chosen["level"], chosen["location"], **more)


class InviteForm(PositionForm):
    """Whom to invite, as what."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))

    field_order = ("name", "email", "role", "level", "location")


class MemberForm(PositionForm):
    """What one of the staff is, and how the team page shows them."""

    active = forms.BooleanField(
        label=_("Works here"),
        help_text=_("Without this they are signed out everywhere and can do nothing."),
        required=False,
    )
    shown = forms.BooleanField(label=_("Shown on the team page"), required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    title_zh_hant = forms.CharField(label=_("Title in Chinese"), max_length=120, required=False)
    about_en = forms.CharField(
        label=_("About them, in English"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    about_zh_hant = forms.CharField(
        label=_("About them, in Chinese"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = reason_field()

    def __init__(self, data: Any = None, *, membership: Membership) -> None:
        """Begin with what they are."""
        words = {
            f"{name}_{part}": getattr(membership, name).get(code, "")
            for name in ("title", "about")
            for code, part in PARTS.items()
        }
        plain = ("role", "level", "location", "active", "shown")
        super().__init__(data, initial={**words, **{name: getattr(membership, name) for name in plain}})

    def changed_position(self) -> Position:
        """What was chosen."""
        chosen = self.cleaned_data
        return self.position(
            active=chosen["active"],
            shown=chosen["shown"],
            title=by_language(chosen, "title"),
            about=by_language(chosen, "about"),
        )
