"""Looking for clients, and changing what is known of one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pellucid.web.accounts.addresses import read_phone
from pellucid.web.accounts.forms import read_address
from pellucid.web.accounts.models import Membership
from pellucid.web.clinic.forms.fields import NamedChoice, day_field
from pellucid.web.records.actions.profiles import CHANGEABLE
from pellucid.web.records.models import Client
from pellucid.web.records.queries.staff import Filters, places, practitioners
from pellucid.web.sites.models import LANGUAGES, Location
from pellucid.web.sites.queries import clinic


class FilterForm(forms.Form):
    """What the list of clients is narrowed to; a wrong value narrows nothing."""

    search = forms.CharField(label=_("Name, e-mail or phone"), required=False, max_length=100)
    location = forms.ModelChoiceField(Location.objects.none(), label=_("Location"), required=False)
    practitioner = forms.ModelChoiceField(Membership.objects.none(), label=_("Practitioner"), required=False)
    waiting = forms.BooleanField(label=_("Only with a consultation to sign"), required=False)
    archived = forms.BooleanField(label=_("Archived ones"), required=False)

    def __init__(self, data: Any, *, member: Membership, health: bool) -> None:
        """Offer what this member of staff may see."""
        super().__init__(data)
        self.fields["search"].widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
        self.fields["location"] = NamedChoice(places(member), label=_("Location"), required=False)
        self.fields["practitioner"] = NamedChoice(practitioners(member), label=_("Practitioner"), required=False)
        for name in ("location", "practitioner"):
            self.fields[name].empty_label = _("All")  # type: ignore[attr-defined] # a ModelChoiceField
        if not health:
            del self.fields["waiting"]

    def filters(self) -> Filters:
        """What was chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        return Filters(
            search=chosen.get("search", ""),
            location=chosen["location"].pk if chosen.get("location") else None,
            practitioner=chosen["practitioner"].pk if chosen.get("practitioner") else None,
            waiting=bool(chosen.get("waiting")),
            archived=bool(chosen.get("archived")),
        )


class ClientForm(forms.Form):
    """A client's profile."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    birth_date = day_field(_("Date of birth"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    location = NamedChoice(Location.objects.none(), label=_("Location"))
    practitioner = NamedChoice(Membership.objects.none(), label=_("Practitioner"), required=False)
    guardian_name = forms.CharField(label=_("Name of a parent or guardian"), max_length=120, required=False)
    guardian_contact = forms.CharField(
        label=_("E-mail or phone of the parent or guardian"),
        help_text=_("Where this changes, the consent before counts no more, and we ask them with a link."),
        max_length=254,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, client: Client, member: Membership) -> None:
        """Begin with what is known."""
        super().__init__(data, initial={name: getattr(client, name) for name in (*CHANGEABLE, "version")})
        self.fields["location"].queryset = places(member, client)  # type: ignore[attr-defined] # a ModelChoiceField
        self.fields["practitioner"].queryset = practitioners(member, client)  # type: ignore[attr-defined] # as above

    def clean_phone(self) -> str:
        """A number as it is dialled from anywhere; one that has not changed stays as it is."""
        typed: str = self.cleaned_data["phone"]
        if not typed or typed == self.initial["phone"]:
            return typed
        number = read_phone(typed, clinic().region)
        if number is None:
            raise forms.ValidationError(_("Please write the number with its country code, such as +886 912 345 678."))
        return number

    def clean_email(self) -> str:
        """An address in small letters."""
        return str(self.cleaned_data["email"]).lower()

    def clean_guardian_contact(self) -> str:
        """As it is kept; one that has not changed stays as it is."""
        typed: str = self.cleaned_data["guardian_contact"]
        return typed if not typed or typed == self.initial["guardian_contact"] else read_address(typed)

    def clean(self) -> dict[str, Any]:
        """Ask for at least one way to reach somebody, and for a guardian who is somebody else."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["email"] and not cleaned["phone"]:
            self.add_error("email", _("Please keep an e-mail address or a phone number, so that they can sign in."))
        self._check_guardian(cleaned)
        return cleaned

    def _check_guardian(self, cleaned: dict[str, Any]) -> None:
        name, contact = cleaned.get("guardian_name", ""), cleaned.get("guardian_contact", "")
        if name and not contact and "guardian_contact" not in self.errors:
            self.add_error("guardian_contact", _("Please say how we reach them."))
        if contact and not name:
            self.add_error("guardian_name", _("Please say who they are."))
        if contact and contact in (cleaned.get("email"), cleaned.get("phone")):
            self.add_error("guardian_contact", _("This is the client's own address. Please give the guardian's."))
