"""Public pages and pages for clients."""
