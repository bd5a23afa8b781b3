"""Addresses that machines read; they have no language in front."""

from django.urls import path

from pellucid.web.portal import public_machine

urlpatterns = [
    path("healthz", public_machine.healthz, name="healthz"),
    path("robots.txt", public_machine.robots, name="robots"),
    path("sitemap.xml", public_machine.sitemap, name="sitemap"),
]
