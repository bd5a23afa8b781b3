"""Addresses of a client's appointments: find a slot, hold, confirm, move, cancel, wait."""

from django.urls import path

from pellucid.web.portal import book_plan_views as plan
from pellucid.web.portal import book_views as book
from pellucid.web.portal import book_visit_views as visit
from pellucid.web.portal import book_wait_views as wait
from pellucid.web.portal.book_feed_views import calendar_feed

urlpatterns = [
    path("me/book/", book.book, name="book"),
    path("me/book/times/", book.times, name="book_times"),
    path("me/book/hold/", book.hold, name="book_hold"),
    path("me/book/plan/", plan.plan, name="book_series"),
    path("me/appointments/", visit.appointments, name="appointments"),
    path("me/appointments/<uuid:pk>/", visit.appointment, name="appointment"),
    path("me/appointments/<uuid:pk>/confirm/", visit.appointment_confirm, name="appointment_confirm"),
    path("me/appointments/<uuid:pk>/move/", visit.appointment_move, name="appointment_move"),
    path("me/appointments/<uuid:pk>/cancel/", visit.appointment_cancel, name="appointment_cancel"),
    path("me/appointments/<uuid:pk>/visit.ics", visit.appointment_invite, name="appointment_invite"),
    path("me/waitlist/", wait.waitlist, name="waitlist"),
    path("me/waitlist/join/", wait.waitlist_join, name="waitlist_join"),
    path("me/waitlist/<uuid:pk>/leave/", wait.waitlist_leave, name="waitlist_leave"),
    path("me/offers/<uuid:pk>/", wait.offer, name="offer"),
    path("me/calendar/", calendar_feed, name="calendar_feed"),
]
