"""One of the staff signs in with a passkey, on a device that Chromium pretends to have."""

from collections.abc import Callable

from tests.browser.consulting import path, put
from tests.browser.walk import DESKTOP, Device, Walk

Open = Callable[[Device], Walk]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_named_and_signs_in(opened: Open) -> None:
    walk = opened(DESKTOP)
    device = walk.context.new_cdp_session(walk.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    walk.sign_in("Frida")
    walk.go("/account/second-factor/passkeys/add/")
    put(walk, "code", walk.server.app_code("frida@clear-pool.example"))  # asked again before this is changed
    walk.press("main form button[type=submit]")
    put(walk, "name", "My tablet")
    walk.press("#passkey_button")
    walk.go("/account/second-factor/passkeys/")
    assert "My tablet" in walk.page.locator("main").inner_text()
    walk.look("passkeys")
    for what in ("name", "remove"):
        walk.go("/account/second-factor/passkeys/")
        walk.press(f'main a[href$="/{what}/"]')
        walk.look(f"passkey-{what}")
    walk.context.clear_cookies()
    walk.go("/account/sign-in/")
    walk.press("#passkey_button")
    assert path(walk) == "/clinic/"
