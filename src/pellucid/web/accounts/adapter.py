"""How allauth is used here: codes and mails go through the outbox, phones are looked up, nobody signs up by it."""

from datetime import timedelta
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from pellucid.web.accounts import post
from pellucid.web.accounts.addresses import E164
from pellucid.web.accounts.backend import SECOND_FACTORS
from pellucid.web.accounts.models import Membership, User
from pellucid.web.sites.clock import now
from pellucid.web.sites.queries import clinic

KINDS = {"account/email/login_code": "code", "account/email/unknown_account": "no_account"}
"""Allauth's template of a mail to the outbox's kind of message."""


class PhoneField(forms.CharField):
    """A phone number, kept as ``+`` and digits."""

    def clean(self, value: Any) -> str:
        """The number; allauth hands over what ``forms.read_address`` has read already.

        Raises:
            ValidationError: it is no phone number.
        """
        typed = super().clean(value)
        if typed and not E164.fullmatch(typed):
            raise forms.ValidationError(_("Please give an e-mail address, or a phone number with its country code."))
        return str(typed)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Allauth's account part."""

    error_messages = {  # as allauth names it
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is resting at the moment. Please ask the clinic."),
        "incorrect_code": _("That code doesn't match. Please look again at the newest message from us."),
        "invalid_login": _("Please give an e-mail address, or a phone number with its country code."),
        "too_many_login_attempts": _("That was tried too often. Please wait ten minutes and try again."),
        "rate_limited": _("That was a little fast. Please wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # allauth's name
        """Never: people register on our own page, which also asks for consent."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to what waits, clients to their own page."""
        works_here = Membership.objects.filter(user__pk=str(request.user.pk), active=True).exists()
        return reverse("clinic:start") if works_here else reverse("portal:me")

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Not right after signing in with a second factor: asking for it twice in a row shows nothing new."""
        records = get_authentication_records(self.request, self.request.user)
        used = max((each["at"] for each in records if each["method"] == "mfa"), default=0)
        just_used = now().timestamp() - used < app_settings.REAUTHENTICATION_TIMEOUT
        return not just_used and bool(super().is_reauthentication_required(app=app, **rest))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Home."""
        return reverse("portal:home")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put one of allauth's mails into the outbox, in our words."""
        self._send(KINDS[template_prefix], email, code=context.get("code", ""))

    def _send(self, kind: str, to: str, *, code: str = "", language: str = "") -> None:
        seconds = app_settings.LOGIN_BY_CODE_TIMEOUT
        moment = now()
        post.send(
            kind,
            to=to,
            language=language or get_language() or "en",
            now=moment,
            useless_after=moment + timedelta(seconds=seconds),
            code=code,
            minutes=post.minutes(seconds),
        )

    def phone_form_field(self, **options: Any) -> forms.Field:
        """The field of phone numbers."""
        return PhoneField(**options)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """Number and whether it is known to be theirs."""
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:  # noqa: FBT001 # allauth's signature
        """Keep a number."""
        User.objects.filter(pk=user.pk).update(phone=phone, phone_verified=verified)

    def set_phone_verified(self, user: User, phone: str) -> None:
        """A code that went to the number came back."""
        User.objects.filter(pk=user.pk, phone=phone).update(phone_verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Who signs in with it."""
        return User.objects.filter(phone=phone, is_active=True).first()

    def send_verification_code_sms(self, user: User, phone: str, code: str, **rest: Any) -> None:
        """Text a code."""
        self._send("code", phone, code=code, language=user.language)

    def send_unknown_account_sms(self, phone: str, **rest: Any) -> None:
        """Text that there is no account, as a mail would."""
        self._send("no_account", phone)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """Allauth's second factors."""

    error_messages = {  # as allauth names it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code doesn't match. The app shows a new one every half minute."),
        "cannot_delete_authenticator": _("Staff always keep a second factor."),
        "cannot_generate_recovery_codes": _("Please set up a passkey or an app first."),
        "unverified_email": _("Please sign in by a code that we send to your address first."),
    }

    def get_totp_issuer(self) -> str:
        """The clinic's name, as the app on the phone shows it."""
        return clinic().name

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """What a new passkey is called until its owner names it."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey {number}").format(number=number)

    def _get_site_name(self) -> str:
        return clinic().name

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff always keep one."""
        works_here = Membership.objects.filter(user_id=authenticator.user_id, active=True).exists()
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_FACTORS)
        return not works_here or others.exclude(pk=authenticator.pk).exists()
