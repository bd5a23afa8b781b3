"""Addresses of a client's own pages."""

from django.urls import path

from pellucid.web.portal import consult_views as consult
from pellucid.web.portal.me_views import home, result, result_pdf

urlpatterns = [
    path("me/", home, name="me"),
    path("me/consultation/", consult.consultation, name="consultation"),
    path("me/consultation/begin/", consult.begin, name="consultation_begin"),
    path("me/consultation/known/", consult.known, name="consultation_known"),
    path("me/consultation/attention/", consult.attention, name="consultation_attention"),
    path("me/consultation/check/", consult.check, name="consultation_check"),
    path("me/consultation/submit/", consult.submit, name="consultation_submit"),
    path("me/consultation/discard/", consult.discard, name="consultation_discard"),
    path("me/consultation/question/<str:name>/", consult.question, name="consultation_question"),
    path("me/result/<uuid:number>/", result, name="result"),
    path("me/result/<uuid:number>.pdf", result_pdf, name="result_pdf"),
]
