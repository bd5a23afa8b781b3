"""Addresses of the pages that anybody may read."""

from django.urls import path

from pellucid.web.portal import public_ask, public_clinic, public_learn, public_search, public_treatments

urlpatterns = [
    path("", public_clinic.home, name="home"),
    path("treatments/", public_treatments.treatments, name="treatments"),
    path("treatments/<slug:slug>/", public_treatments.treatment, name="treatment"),
    path("learn/", public_learn.learn, name="learn"),
    path("learn/sources/", public_learn.sources, name="sources"),
    path("learn/<slug:slug>/", public_learn.topic, name="learn_topic"),
    path("questions/", public_learn.questions, name="questions"),
    path("search/", public_search.search, name="search"),
    path("offers/", public_clinic.offers, name="offers"),
    path("team/", public_clinic.team, name="team"),
    path("contact/", public_clinic.contact, name="contact"),
    path("ask/", public_ask.ask, name="ask"),
    path("ask/thanks/", public_ask.asked, name="asked"),
    path("terms/", public_clinic.terms, name="terms"),
    path("privacy/", public_clinic.privacy, name="privacy"),
    path("documents/<slug:kind>/<int:version>/", public_clinic.document, name="document"),
    path("about/", public_clinic.about, name="about"),
]
