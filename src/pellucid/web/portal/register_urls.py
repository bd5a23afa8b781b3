"""Addresses of registration."""

from django.urls import path

from pellucid.web.portal import consent_views, register_views

urlpatterns = [
    path("register/", register_views.register, name="register"),
    path("register/code/", register_views.code, name="register_code"),
    path("register/code/again/", register_views.code_again, name="register_code_again"),
    path("register/guardian/<str:token>/", register_views.guardian, name="guardian"),
    path("me/consents/", consent_views.consents, name="consents"),
]
