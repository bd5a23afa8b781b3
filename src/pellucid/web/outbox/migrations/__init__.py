"""The tables of ``outbox``, as they came to be."""
