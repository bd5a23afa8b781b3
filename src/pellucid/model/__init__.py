"""Frozen values that every part shares: ids, dates, levels, reasons, errors, and what passes between parts.

Nothing here reads a file, a clock or the knowledge base.
"""
