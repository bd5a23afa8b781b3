"""Writes: each is atomic, keyword-only, and leaves an audit event in the same transaction."""
