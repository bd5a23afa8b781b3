"""Public and client pages, all in the namespace ``portal``."""

from django.urls import include, path

app_name = "portal"
urlpatterns = [
    path("", include("pellucid.web.portal.public_urls")),
    path("", include("pellucid.web.portal.register_urls")),
    path("", include("pellucid.web.portal.me_urls")),
    path("", include("pellucid.web.portal.book_urls")),
]
