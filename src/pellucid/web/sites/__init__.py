"""The clinic, its locations and their clocks, its services, offers and own rules."""
