"""Pellucid: self-hosted deep pore care, from a consultation to a safe, explained next step."""

__version__ = "0.1.0"
