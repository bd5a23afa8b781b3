"""What the clinic offers: services with their terms, offers, and the wordings that people agree to."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MinValueValidator, slug_unicode_re
from django.utils.translation import gettext_lazy as _

from pellucid.web.clinic.forms.fields import COMMAS, PARTS, base_field, by_language, day_field, reason_field
from pellucid.web.clinic.forms.people import LEVELS
from pellucid.web.sites.actions import OfferTerms, ServiceTerms, standing_of
from pellucid.web.sites.models import Document, Location, Offer, Service
from pellucid.web.sites.publish import Wording

STEPS = (5, 10, 15, 20, 30, 60)
"""Minutes between two starts that are offered."""
BOOKED_BY = ("level", "room_kind", "device_kinds", "buffer_before", "buffer_after", "step")
"""What a service takes up, beside its minutes."""


class ServiceForm(forms.Form):
    """What a treatment costs here."""

    active = forms.BooleanField(label=_("Offered here"), required=False)
    price = forms.DecimalField(label=_("Price"), required=False, min_value=0, max_digits=8, decimal_places=2)
    price_note_en = forms.CharField(
        label=_("Words beside the price, in English"), required=False, max_length=60, help_text=_("Such as: and up")
    )
    price_note_zh_hant = forms.CharField(label=_("Words beside the price, in Chinese"), required=False, max_length=60)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480)
    locations = forms.ModelMultipleChoiceField(
        Location.objects.filter(active=True),
        label=_("Where"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    level = forms.TypedChoiceField(
        label=_("Who does it"),
        choices=[("", _("As the knowledge base proposes")), *LEVELS[1:]],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("The lowest licence level. From L2 on a booking waits for a practitioner's signature."),
    )
    room_kind = forms.SlugField(
        label=_("Kind of room"),
        max_length=40,
        allow_unicode=True,
        help_text=_("As rooms are called under Rooms and devices."),
    )
    device_kinds = forms.CharField(
        label=_("Kinds of devices"),
        required=False,
        max_length=200,
        help_text=_("One of each is taken up. Several with commas between, such as: laser, chiller."),
    )
    buffer_before = forms.IntegerField(label=_("Minutes to prepare the room"), min_value=0, max_value=240)
    buffer_after = forms.IntegerField(label=_("Minutes to tidy up"), min_value=0, max_value=240)
    step = forms.TypedChoiceField(
        label=_("Starts every"),
        choices=[(each, _("%(n)s minutes") % {"n": each}) for each in STEPS],
        coerce=int,
    )
    reason = reason_field()
    base = base_field()

    def __init__(self, data: Any = None, *, service: Service) -> None:
        """Begin with the terms as they are."""
        super().__init__(data, initial=_service_initial(service))

    def clean_device_kinds(self) -> list[str]:
        """Each kind once, as devices name theirs.

        Raises:
            ValidationError: one can't be a kind.
        """
        kinds = [each.strip() for each in COMMAS.split(self.cleaned_data["device_kinds"]) if each.strip()]
        if not all(slug_unicode_re.match(each) for each in kinds):
            raise forms.ValidationError(_("Please use only letters, digits and hyphens, with commas between kinds."))
        return list(dict.fromkeys(kinds))

    def clean(self) -> dict[str, Any]:
        """Ask for a place where it is offered."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("active") and not cleaned.get("locations"):
            self.add_error("locations", _("Choose at least one place, or say that it is not offered."))
        return cleaned

    def terms(self) -> ServiceTerms:
        """What was chosen."""
        chosen = self.cleaned_data
        return ServiceTerms(
            price=chosen["price"],
            price_note=by_language(chosen, "price_note"),
            minutes=chosen["minutes"],
            active=chosen["active"],
            locations=list(chosen["locations"]),
            **{name: chosen[name] for name in BOOKED_BY},
        )


def _service_initial(service: Service) -> dict[str, Any]:
    stored = not service._state.adding  # noqa: SLF001 - the documented way to ask whether it is in the database
    notes = {f"price_note_{part}": service.price_note.get(code, "") for code, part in PARTS.items()}
    return {
        "active": service.active if stored else False,
        "price": service.price,
        "minutes": service.minutes,
        "device_kinds": ", ".join(service.device_kinds),
        **{name: getattr(service, name) for name in BOOKED_BY if name != "device_kinds"},
        "locations": list(service.locations.all()) if stored else list(Location.objects.filter(active=True)),
        "base": standing_of(service),
        **notes,
    }


class OfferForm(forms.Form):
    """Something for a time."""

    slug = forms.SlugField(
        label=_("Short name"), max_length=50, help_text=_("It stands in the address: letters, digits and hyphens.")
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    title_zh_hant = forms.CharField(label=_("Title in Chinese"), max_length=120)
    text_en = forms.CharField(label=_("Text in English"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    text_zh_hant = forms.CharField(
        label=_("Text in Chinese"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Treatment"), required=False)
    starts = day_field(_("First day"))
    ends = day_field(_("Last day"))
    banner = forms.BooleanField(label=_("Show it as a banner on every public page while it lasts"), required=False)
    active = forms.BooleanField(label=_("Published"), required=False, initial=True)
    reason = reason_field()
    base = base_field()

    def __init__(self, data: Any = None, *, offer: Offer | None, names: Mapping[str, str]) -> None:
        """Begin with the offer as it is; ``names`` are the treatments' by id."""
        super().__init__(data, initial=_offer_initial(offer))
        service: Any = self.fields["service"]
        service.queryset = Service.objects.all()
        service.label_from_instance = lambda each: names.get(each.treatment, each.treatment)
        self.offer = offer
        if offer:
            del self.fields["slug"]

    def clean_slug(self) -> str:
        """A name that no other offer has."""
        slug: str = self.cleaned_data["slug"]
        if Offer.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("Another offer has this short name."))
        return slug

    def clean(self) -> dict[str, Any]:
        """Ask for days in their order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] < cleaned["starts"]:
            self.add_error("ends", _("The last day lies before the first."))
        return cleaned

    def terms(self) -> OfferTerms:
        """What was chosen."""
        chosen = self.cleaned_data
        return OfferTerms(
            title=by_language(chosen, "title"),
            text=by_language(chosen, "text"),
            service=chosen["service"],
            starts=chosen["starts"],
            ends=chosen["ends"],
            banner=chosen["banner"],
            active=chosen["active"],
        )


def _offer_initial(offer: Offer | None) -> dict[str, Any]:
    if offer is None:
        return {"base": standing_of(Offer())}
    words = {
        f"{name}_{part}": getattr(offer, name).get(code, "")
        for name in ("title", "text")
        for code, part in PARTS.items()
    }
    plain = ("slug", "service", "starts", "ends", "banner", "active")
    return {**words, **{name: getattr(offer, name) for name in plain}, "base": standing_of(offer)}


class DocumentForm(forms.Form):
    """The next version of a wording, in every language."""

    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    text_en = forms.CharField(label=_("Text in English"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 14}))
    title_zh_hant = forms.CharField(label=_("Title in Chinese"), max_length=200)
    text_zh_hant = forms.CharField(
        label=_("Text in Chinese"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 14})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, validators=[MinValueValidator(0)])
    sure = forms.BooleanField(
        label=_("Publish it: from now on new clients agree to this version; the ones before stay as they were"),
        error_messages={"required": _("Please confirm that it is to be published.")},
    )

    def __init__(self, data: Any = None, *, standing: Mapping[str, Document]) -> None:
        """Begin with the newest version; ``standing`` is language to document."""
        words = {
            f"{name}_{part}": getattr(standing[code], name)
            for code, part in PARTS.items()
            if code in standing
            for name in ("title", "text")
        }
        version = max((each.version for each in standing.values()), default=0)
        super().__init__(data, initial={**words, "version": version})

    def wordings(self) -> dict[str, Wording]:
        """What is to be published, by language."""
        chosen = self.cleaned_data
        return {code: Wording(chosen[f"title_{part}"], chosen[f"text_{part}"]) for code, part in PARTS.items()}
