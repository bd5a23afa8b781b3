"""Addresses of the staff's calendar: board, days and weeks, appointments, waitlist."""

from django.urls import path

from pellucid.web.clinic.views import appointments, board, booking, calendar, waitlist

ONE = "appointments/<uuid:pk>/"
WAITING = "waitlist/<uuid:pk>/"

urlpatterns = [
    path("today/", board.board, name="board"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/part/", calendar.calendar_part, name="calendar_part"),
    path("appointments/new/", booking.appointment_new, name="appointment_new"),
    path("appointments/unfit/", board.misfits, name="misfits"),
    path(ONE, appointments.appointment, name="appointment"),
    path(f"{ONE}move/", booking.appointment_move, name="appointment_move"),
    path(f"{ONE}cancel/", appointments.appointment_cancel, name="appointment_cancel"),
    path(f"{ONE}missed/", appointments.appointment_missed, name="appointment_missed"),
    path(f"{ONE}done/", appointments.appointment_done, name="appointment_done"),
    path(f"{ONE}sign/", appointments.appointment_sign, name="appointment_sign"),
    path("waitlist/", waitlist.waitlist, name="waitlist"),
    path("waitlist/add/", waitlist.waitlist_add, name="waitlist_add"),
    path(f"{WAITING}offer/", waitlist.waitlist_offer, name="waitlist_offer"),
    path(f"{WAITING}leave/", waitlist.waitlist_leave, name="waitlist_leave"),
]
