"""The tables, one noun a file."""

from pellucid.web.records.models.client import Client
from pellucid.web.records.models.consent import Consent
from pellucid.web.records.models.consultation import Clearance, Consultation, Override, Review
from pellucid.web.records.models.enquiry import Enquiry
from pellucid.web.records.models.registration import Registration

__all__ = ["Clearance", "Client", "Consent", "Consultation", "Enquiry", "Override", "Registration", "Review"]
