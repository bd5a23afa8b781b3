"""The registration form: few questions, each told in plain words what is wrong with it."""

import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from pellucid.web.accounts.addresses import can_text
from pellucid.web.accounts.forms import read_address
from pellucid.web.portal.consent_words import sentence, to_read
from pellucid.web.records.actions.consents import hash_of
from pellucid.web.records.actions.wish import Agreement, Wish
from pellucid.web.records.queries.ages import Ages, is_under_age, needs_age
from pellucid.web.records.queries.registration import Choices
from pellucid.web.sites import knowledge
from pellucid.web.sites.models import Location
from pellucid.web.ui.templatetags.ui import day_words

HELP = "help"
TRIAL = "trial"
AN_OFFER = "offer:"
FURTHEST = timedelta(days=365)
OLDEST = 1900
NAMED_AT_MOST = 6
LINK = re.compile(r"://|//|www\.|@|\.[a-z]{2,}\b/?", re.IGNORECASE)
"""What makes a name a message to somebody else: names stand in mails, which nobody is to send through us."""
IF_UNDER_AGE = ("birth_date", "guardian_name", "guardian_contact")
"""What is asked of people under age; on the page they stand where only those see them."""


class RegistrationForm(forms.Form):
    """What somebody types to register. Times come in with ``now``; nothing here reads the clock."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Please tell us your name.")},
    )
    address = forms.CharField(
        max_length=254, error_messages={"required": gettext_lazy("Please tell us where the code should go.")}
    )
    wanted = forms.ChoiceField(label=gettext_lazy("What would you like?"))
    location = forms.ChoiceField(
        label=gettext_lazy("Where?"),
        required=False,
        error_messages={"required": gettext_lazy("Please choose where you would like to come.")},
    )
    preferred_on = forms.DateField(
        label=gettext_lazy("Which day would suit you?"),
        required=False,
        error_messages={"invalid": gettext_lazy("Please give a day, such as 2026-12-31.")},
    )
    under_age = forms.BooleanField(label=gettext_lazy("I am under 18"), required=False)
    birth_date = forms.DateField(
        label=gettext_lazy("Your birth date"),
        error_messages={
            "invalid": gettext_lazy("Please give a day, such as 2010-12-31."),
            "required": gettext_lazy("Under 18 we need it, because some treatments have an age."),
        },
    )
    guardian_name = forms.CharField(
        label=gettext_lazy("Name of a parent or guardian"),
        max_length=120,
        error_messages={"required": gettext_lazy("Under 18 we need a parent's or guardian's name.")},
    )
    guardian_contact = forms.CharField(
        max_length=254,
        error_messages={
            "required": gettext_lazy("Under 18 we ask a parent or guardian. Please say how we reach them.")
        },
    )
    agree = forms.BooleanField(error_messages={"required": gettext_lazy("We need your agreement to these two.")})
    photos = forms.BooleanField(required=False)
    marketing = forms.BooleanField(required=False)
    website = forms.CharField(required=False)
    """A trap for programs that fill in everything; people don't see it."""
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)
    wordings = forms.CharField(max_length=200, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, choices: Choices, now: datetime, **options: Any) -> None:
        """Fill in what can be chosen."""
        self.choices = choices
        self.now = now
        self._knowledge = knowledge.current()
        self._texts = knowledge.texts(get_language() or "en")
        current = ",".join(f"{kind}.{each.pk}" for kind, each in sorted(choices.documents.items()))
        options["initial"] = {"token": secrets.token_urlsafe(16), "wanted": HELP, **(options.get("initial") or {})}
        options["initial"]["wordings"] = current
        super().__init__(*arguments, **options)
        self._prepare_address()
        self._prepare_choices()
        self._prepare_dates()
        self._prepare_agreements()
        for name in IF_UNDER_AGE:
            self.fields[name].required = not self.is_bound or bool(self.data.get("under_age"))

    def _prepare_address(self) -> None:
        texts = can_text()
        self.fields["address"].label = _("Your e-mail or phone") if texts else _("Your e-mail")
        self.fields["guardian_contact"].label = _("Their e-mail or phone") if texts else _("Their e-mail")
        for name in ("address", "guardian_contact"):
            self.fields[name].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["address"].widget.attrs["autocomplete"] = "email"
        self.fields["address"].help_text = _("We send a code there. There is no password.")
        self.fields["guardian_contact"].help_text = _("We send them a link, where they can agree.")

    def _prepare_choices(self) -> None:
        cast("forms.ChoiceField", self.fields["wanted"]).choices = list(self._wanted())
        places = [(str(each.pk), each.name) for each in self.choices.locations]
        several = len(places) > 1
        field = cast("forms.ChoiceField", self.fields["location"])
        field.choices = [("", _("Choose")), *places] if several else places
        field.required = several
        if not several:
            field.widget = forms.HiddenInput()
            field.initial = places[0][0]

    def _wanted(self) -> Iterator[tuple[str, Any]]:
        yield HELP, _("Help me choose")
        offers = [(f"{AN_OFFER}{each.pk}", _in_language(each.title)) for each in self.choices.offers]
        if offers:
            yield _("Offers"), offers
        yield _("Treatments"), [(each.treatment, self._named(each.treatment)) for each in self.choices.services]

    def _prepare_dates(self) -> None:
        first = min(_today(place, self.now) for place in self.choices.locations)
        limits = {"preferred_on": (first, first + FURTHEST), "birth_date": (date(OLDEST, 1, 1), first)}
        for name, (low, high) in limits.items():
            attributes = {"type": "date", "min": low.isoformat(), "max": high.isoformat()}
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs=attributes)
        self.fields["birth_date"].widget.attrs["autocomplete"] = "bday"

    def _prepare_agreements(self) -> None:
        for kind in ("agree", "photos", "marketing"):
            self.fields[kind].label = sentence(kind, self.choices.documents)
            self.fields[kind].help_text = to_read(kind, self.choices.documents)

    def clean_name(self) -> str:
        """One line without a link."""
        return _name(self.cleaned_data["name"])

    def clean_guardian_name(self) -> str:
        """As above."""
        return _name(self.cleaned_data["guardian_name"])

    def clean_address(self) -> str:
        """As it is kept."""
        return read_address(self.cleaned_data["address"])

    def clean_guardian_contact(self) -> str:
        """As it is kept."""
        typed = self.cleaned_data["guardian_contact"].strip()
        return read_address(typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        """What belongs together."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        place = self._place()
        today = _today(place, self.now)
        self._check_preferred(cleaned.get("preferred_on"), today, place)
        self._check_birth_date(cleaned.get("birth_date"), today)
        self._check_guardian(cleaned, today)
        self._check_age(cleaned, today)
        if not {"wanted", "location"} & self.errors.keys():
            self._check_place(place)
        if cleaned.get("wordings") != self.initial["wordings"] and "agree" not in self.errors:
            self.add_error("agree", _("The wording was changed just now. Please look at it again and tick the box."))
            self._take_newest_wordings()
        return cleaned

    def _take_newest_wordings(self) -> None:
        """Show the newest wordings with the boxes empty: what was ticked was ticked for the old ones."""
        unticked = {name: each for name, each in self.data.items() if name not in {"agree", "photos", "marketing"}}
        self.data = {**unticked, "wordings": self.initial["wordings"]}

    def _check_preferred(self, day: date | None, today: date, place: Location) -> None:
        if day is None:
            return
        shown = {"today": day_words(today), "latest": day_words(today + FURTHEST), "place": place.name}
        if day < today:
            message = _("That day has passed. The earliest is today, {today}, by the clock at {place}.")
            self.add_error("preferred_on", message.format(**shown))
        elif day > today + FURTHEST:
            self.add_error("preferred_on", _("Please choose a day up to {latest}.").format(**shown))

    def _check_birth_date(self, born: date | None, today: date) -> None:
        if born is not None and not (born <= today and born.year >= OLDEST):
            self.add_error("birth_date", _("Please look at this date again: it can't be a birth date."))

    def _check_guardian(self, cleaned: dict[str, Any], today: date) -> None:
        born = cleaned.get("birth_date")
        if born is not None and is_under_age(born, today):
            cleaned["under_age"] = True
        elif born is not None:
            cleaned["under_age"] = False
        if not cleaned.get("under_age"):
            cleaned["guardian_name"] = cleaned["guardian_contact"] = ""
            return
        for name in ("guardian_name", "guardian_contact"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        if cleaned.get("guardian_contact") and cleaned["guardian_contact"] == cleaned.get("address"):
            self.add_error("guardian_contact", _("This is your own address. Please give theirs."))

    def _check_place(self, place: Location) -> None:
        service = next((each for each in self.choices.services if each.treatment == self._treatment()), None)
        given_at = [each for each in service.locations.all() if each.active] if service else []
        if given_at and place not in given_at:
            names = _(", ").join(each.name for each in given_at)
            message = _("{treatment} is not given there. You find it at: {places}.")
            self.add_error("location", message.format(treatment=self._named(self._treatment()), places=names))

    def _check_age(self, cleaned: dict[str, Any], today: date) -> None:
        treatment, born = self._treatment(), cleaned.get("birth_date")
        if not treatment or "birth_date" in self.errors:
            return
        on = max(cleaned.get("preferred_on") or today, today)
        region = self.choices.clinic.region
        if born is None:
            if not cleaned.get("under_age") and needs_age(treatment, on, region, self._knowledge):
                message = _("{treatment} has an age. Please give your birth date.")
                self.add_error("birth_date", message.format(treatment=self._named(treatment)))
            return
        ages = Ages(born, on, region, self._knowledge)
        rules = ages.rules_against(treatment)
        if rules:
            self.add_error("wanted", self._too_young(rules[0], ages))

    def _too_young(self, rule: str, ages: Ages) -> str:
        """Why a treatment has to wait, and what is possible instead."""
        possible = [each.treatment for each in self.choices.services if not ages.rules_against(each.treatment)]
        names = _(", ").join(self._named(each) for each in possible[:NAMED_AT_MOST])
        why = f"{self._texts.get(rule, 'reason')} {self._texts.get(rule, 'next')}"
        if not names:
            return _("{why} Choose “Help me choose”, and we look for what suits you.").format(why=why)
        return _("{why} Possible for you: {names}. Or let us help you choose.").format(why=why, names=names)

    def _place(self) -> Location:
        """The one that was chosen; while none is, one whose day is the earliest, which refuses no day too soon."""
        chosen, places = self.cleaned_data.get("location"), self.choices.locations
        earliest = min(places, key=lambda each: _today(each, self.now))
        return next((each for each in places if str(each.pk) == chosen), earliest)

    def _offer(self) -> Any:
        chosen = str(self.cleaned_data.get("wanted", ""))
        return next((each for each in self.choices.offers if f"{AN_OFFER}{each.pk}" == chosen), None)

    def _treatment(self) -> str:
        """Id of the treatment that is wanted, by itself or in an offer; empty where none is named."""
        offer = self._offer()
        if offer is not None:
            return str(offer.service.treatment) if offer.service else ""
        chosen = str(self.cleaned_data.get("wanted", ""))
        return "" if chosen == HELP else chosen

    def _named(self, treatment: str) -> str:
        return self._texts.get(f"treatment.{treatment}", "name")

    @property
    def asks_birth_date(self) -> bool:
        """Whether an adult has to give it too, because of what they chose."""
        return "birth_date" in self.errors and not self.cleaned_data.get("under_age")

    def wish(self) -> Wish:
        """What was typed, once it is valid."""
        cleaned, offer = self.cleaned_data, self._offer()
        return Wish(
            name=cleaned["name"],
            address=cleaned["address"],
            language=get_language() or "en",
            location=self._place().pk,
            wanted=self._treatment() or (TRIAL if offer else HELP),
            agreed=dict(self._agreed()),
            preferred_on=cleaned["preferred_on"],
            offer=offer.pk if offer else None,
            birth_date=cleaned["birth_date"],
            guardian_name=cleaned["guardian_name"],
            guardian_contact=cleaned["guardian_contact"],
        )

    def _agreed(self) -> Iterator[tuple[str, Agreement]]:
        boxes = {"terms": "agree", "privacy": "agree", "photos": "photos", "marketing": "marketing"}
        for kind, box in boxes.items():
            if self.cleaned_data[box]:
                document = self.choices.documents[kind]
                yield kind, Agreement(document.pk, hash_of(document), sentence(box, self.choices.documents))


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if LINK.search(name):
        raise ValidationError(_("Please give only a name here."))
    return name


def _today(place: Location, now: datetime) -> date:
    return now.astimezone(ZoneInfo(place.zone)).date()


def _in_language(by_language: Mapping[str, str]) -> str:
    return by_language.get(get_language() or "en") or next(iter(by_language.values()), "")


def code_error(why: str) -> ValidationError:
    """What to tell about a code that doesn't do."""
    words = {
        "wrong": _("That code doesn't match. Please look again at the newest message from us."),
        "old": _("That code has run out. Have a new one sent below."),
        "spent": _("That was tried too often. Have a new code sent below."),
    }
    return ValidationError(words.get(why, _("This registration is over. Please fill in the form once more.")), code=why)
