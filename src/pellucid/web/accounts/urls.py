"""Addresses of signing in and of one's own account. Allauth's other pages (passwords, sign-up) are not reachable."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.views.generic import RedirectView

from pellucid.web.accounts import views
from pellucid.web.accounts.permissions import Permission, allow

anybody = allow(Permission.PUBLIC)
signed_in = allow(Permission.SIGNED_IN)

urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in/", anybody(account.login), name="account_login"),
    path("sign-in/code/", anybody(account.confirm_login_code), name="account_confirm_login_code"),
    path(
        "sign-in/again/",
        anybody(RedirectView.as_view(pattern_name="account_login", query_string=True)),
        name="account_request_login_code",
    ),
    path(
        "register/",
        anybody(RedirectView.as_view(pattern_name="portal:register")),
        name="account_signup",
    ),
    path("sign-in/second-factor/", anybody(second_factor.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", anybody(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-out/", anybody(account.logout), name="account_logout"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="account_sign_out_everywhere"),
    path("inactive/", anybody(account.account_inactive), name="account_inactive"),
    path("second-factor/needed/", views.second_factor_needed, name="account_second_factor"),
    path("second-factor/", signed_in(second_factor.index), name="mfa_index"),
    path("second-factor/again/", signed_in(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/app/add/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/codes/", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", signed_in(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("second-factor/codes/file/", signed_in(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("second-factor/passkeys/", signed_in(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("second-factor/passkeys/add/", signed_in(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "second-factor/passkeys/again/",
        signed_in(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("second-factor/passkeys/<int:pk>/remove/", views.remove_passkey, name="mfa_remove_webauthn"),
    path("second-factor/passkeys/<int:pk>/name/", signed_in(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("invitation/<str:token>/", views.invitation, name="account_invitation"),
]
