"""The root of all addresses. Pages have the language in front, but for English; machines' addresses have none."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from pellucid.web.portal.machine_urls import urlpatterns as machine_urls

if settings.DEMO:
    from pellucid.web.project.demo.links import follow

    demo_urls = [path("account/demo/<str:signed>/", follow, name="demo_link")]
else:
    demo_urls = []

urlpatterns = [
    *machine_urls,
    *demo_urls,
    *i18n_patterns(
        path("account/", include("pellucid.web.accounts.urls")),
        path("clinic/", include("pellucid.web.clinic.urls")),
        path("styleguide/", include("pellucid.web.ui.urls")),
        path("", include("pellucid.web.portal.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "pellucid.web.ui.views.bad_request"
handler403 = "pellucid.web.ui.views.refused"
handler404 = "pellucid.web.ui.views.not_found"
handler500 = "pellucid.web.ui.views.server_error"
