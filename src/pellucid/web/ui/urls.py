"""The style page."""

from django.urls import path

from pellucid.web.ui import views

app_name = "ui"
urlpatterns = [path("", views.styleguide, name="styleguide")]
