"""Addresses of the staff pages."""

from django.urls import include, path

from pellucid.web.clinic.views import (
    clients,
    enquiries,
    imports,
    letters,
    lifting,
    offering,
    operations,
    people,
    reviews,
    rules,
    start,
)

app_name = "clinic"

ONE = "clients/<uuid:pk>/"
CONSULTATION = "consultations/<uuid:pk>/"

urlpatterns = [
    path("", start.start, name="start"),
    path("clients/", clients.clients, name="clients"),
    path("clients/import/", imports.import_list, name="import"),
    path("clients/import/confirm/", imports.import_confirm, name="import_confirm"),
    path(ONE, clients.client, name="client"),
    path(f"{ONE}edit/", clients.edit, name="client_edit"),
    path(f"{ONE}archive/", clients.archive, name="client_archive"),
    path(f"{ONE}restore/", clients.restore, name="client_restore"),
    path(f"{ONE}health/", clients.health, name="health"),
    path(f"{ONE}history/", clients.history, name="history"),
    path(f"{ONE}clearances/add/", lifting.clearance_add, name="clearance_add"),
    path(f"{ONE}clearances/<int:number>/withdraw/", lifting.clearance_withdraw, name="clearance_withdraw"),
    path(f"{ONE}overrides/sign/", lifting.override_sign, name="override_sign"),
    path(f"{ONE}overrides/<int:number>/withdraw/", lifting.override_withdraw, name="override_withdraw"),
    path("consultations/", reviews.reviews, name="reviews"),
    path(CONSULTATION, reviews.consultation, name="consultation"),
    path(f"{CONSULTATION}sign/", reviews.sign_consultation, name="sign"),
    path(f"{CONSULTATION}again/", reviews.again, name="again"),
    path(f"{CONSULTATION}letter/", letters.letter, name="letter"),
    path("questions/", enquiries.enquiries, name="enquiries"),
    path("questions/<uuid:pk>/answered/", enquiries.enquiry_answered, name="enquiry_answered"),
    path("services/", offering.services, name="services"),
    path("services/<slug:treatment>/", offering.service, name="service"),
    path("offers/", offering.offers, name="offers"),
    path("offers/new/", offering.offer, name="offer_new"),
    path("offers/change/<slug:slug>/", offering.offer, name="offer"),
    path("texts/", offering.documents, name="documents"),
    path("texts/<slug:kind>/", offering.document_next, name="document"),
    path("rules/", rules.rules, name="rules"),
    path("rules/windows/<slug:name>/", rules.window, name="window"),
    path("rules/caps/<slug:name>/", rules.cap, name="cap"),
    path("staff/", people.staff, name="staff"),
    path("staff/invite/", people.staff_invite, name="staff_invite"),
    path("staff/<int:number>/", people.staff_member, name="staff_member"),
    path("staff/invitations/<uuid:pk>/again/", people.invitation_again, name="invitation_again"),
    path("staff/invitations/<uuid:pk>/revoke/", people.invitation_revoke, name="invitation_revoke"),
    path("", include("pellucid.web.clinic.booking_urls")),
    path("", include("pellucid.web.clinic.roster_urls")),
    path("operations/", operations.operations, name="operations"),
    path("operations/messages/<uuid:pk>/now/", operations.message_now, name="message_now"),
    path("operations/messages/<uuid:pk>/aside/", operations.message_aside, name="message_aside"),
    path("operations/jobs/<uuid:pk>/again/", operations.job_again, name="job_again"),
    path("operations/audit/", operations.audit, name="audit"),
]
