"""Addresses of who works when, rooms, devices, holidays and busy calendars."""

from django.urls import path

from pellucid.web.clinic.views import busy, resources, roster

urlpatterns = [
    path("roster/", roster.roster, name="roster"),
    path("roster/<int:number>/", roster.roster_member, name="roster_member"),
    path("roster/<int:number>/week/<slug:slug>/", roster.schedule, name="schedule"),
    path("roster/<int:number>/off/", roster.time_off_add, name="time_off_add"),
    path("roster/off/<int:number>/remove/", roster.time_off_remove, name="time_off_remove"),
    path("roster/<int:number>/elsewhere/", busy.busy_feed_add, name="busy_feed_add"),
    path("roster/elsewhere/<uuid:pk>/remove/", busy.busy_feed_remove, name="busy_feed_remove"),
    path("roster/closed/", roster.closure_add, name="closure_add"),
    path("roster/closed/<int:number>/remove/", roster.closure_remove, name="closure_remove"),
    path("roster/extra/", roster.extra_add, name="extra_add"),
    path("roster/extra/<int:number>/remove/", roster.extra_remove, name="extra_remove"),
    path("roster/booking/", resources.booking_settings, name="booking_settings"),
    path("roster/rooms/", resources.resources, name="resources"),
    path("roster/rooms/room/new/", resources.room, name="room_new"),
    path("roster/rooms/room/<int:number>/", resources.room, name="room"),
    path("roster/rooms/device/new/", resources.device, name="device_new"),
    path("roster/rooms/device/<int:number>/", resources.device, name="device"),
]
