"""Allauth's forms in our words: one address to sign in with, codes that phones know how to fill in."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from allauth.core import context, ratelimit
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from pellucid.web.accounts.addresses import can_text, read_email, read_phone
from pellucid.web.sites.queries import clinic

NO_TEXTS = _("We can't text codes here yet. Please give your e-mail address instead.")
NO_ADDRESS = _("Please give an e-mail address, or a phone number with its country code.")
TOO_OFTEN = _("That was tried too often. Please wait ten minutes and ask for a new code.")


def read_address(typed: str) -> str:
    """An e-mail address in small letters, or a phone number as ``+`` and digits.

    Raises:
        ValidationError: it is neither, or it is a phone and texts can't be sent from here.
    """
    email = read_email(typed)
    if email is not None:
        return email
    number = None if "@" in typed else read_phone(typed, clinic().region)
    if number is None:
        raise forms.ValidationError(NO_ADDRESS, code="invalid")
    if not can_text():
        raise forms.ValidationError(NO_TEXTS, code="no_texts")
    return number


class LargeField(forms.BoundField):
    """Shown large, so that digits are easy to compare."""

    def css_classes(self, extra_classes: Any = None) -> str:
        """With the class of codes."""
        return str(super().css_classes([*(extra_classes or ()), "field--code"]))

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Ready to type in; after a mistake the page itself leads to what is wrong."""
        found = dict(super().build_widget_attrs(attrs, widget))
        return found if self.form.is_bound else {**found, "autofocus": True}


class CodeField(forms.CharField):
    """A code of digits that phones offer to fill in from the message."""

    bound_field_class = LargeField

    def __init__(self, **options: Any) -> None:
        """As an input of digits."""
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20}
        super().__init__(**{"widget": forms.TextInput(attrs=attributes), "label": _("Code"), **options})


class SignInForm(LoginForm):  # type: ignore[misc] # allauth has no types
    """One field: where the code goes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Replace allauth's field."""
        super().__init__(*arguments, **options)
        self.fields["login"] = forms.CharField(
            label=_("E-mail or phone"),
            help_text=_("We send you a code. There is no password."),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": not self.is_bound}
            ),
        )

    def clean_login(self) -> str:
        """The address as it is kept."""
        return read_address(self.cleaned_data["login"])


class CodeForm(ConfirmLoginCodeForm):  # type: ignore[misc] # allauth has no types
    """The code that was sent."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Replace allauth's field."""
        super().__init__(*arguments, **options)
        self.fields["code"] = CodeField()

    def clean_code(self) -> str:
        """Compare; many tries at once from one session don't get past the limit that tries one by one have."""
        request = context.request
        if not ratelimit.consume(request, action="confirm_login_code", key=request.session.session_key or ""):
            raise forms.ValidationError(TOO_OFTEN, code="too_often")
        return str(super().clean_code())


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc] # allauth has no types
    """A code from the app, or a recovery code."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Replace allauth's field."""
        super().__init__(*arguments, **options)
        self.fields["code"] = CodeField(help_text=_("From your authenticator app, or one of your recovery codes."))


class SecondFactorAgainForm(ReauthenticateForm):  # type: ignore[misc] # allauth has no types
    """The same, before something that matters."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Replace allauth's field."""
        super().__init__(*arguments, **options)
        self.fields["code"] = CodeField(help_text=_("From your authenticator app, or one of your recovery codes."))


class AppForm(ActivateTOTPForm):  # type: ignore[misc] # allauth has no types
    """The first code of a new app."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Replace allauth's field."""
        super().__init__(*arguments, **options)
        self.fields["code"] = CodeField(label=_("Code that the app shows"))


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """A new passkey; it always signs in by itself."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Name what allauth calls otherwise."""
        super().__init__(*arguments, **options)
        self.fields["name"].label = _("Name of this passkey")
        self.fields["name"].help_text = _("So that you can tell it from others: “my phone”.")
        self.fields["passwordless"].label = _("Sign in with this passkey alone, without a code")
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Another name."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Name what allauth calls otherwise."""
        super().__init__(*arguments, **options)
        self.fields["name"].label = _("Name of this passkey")
