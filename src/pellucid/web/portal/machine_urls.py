"""Addresses that machines read; they have no language in front."""

from django.urls import path

from pellucid.web.portal import calendar_machine, public_machine

urlpatterns = [
    path("healthz", public_machine.healthz, name="healthz"),
    path("robots.txt", public_machine.robots, name="robots"),
    path("sitemap.xml", public_machine.sitemap, name="sitemap"),
    path("calendar/<str:token>.ics", calendar_machine.calendar, name="calendar"),
]
