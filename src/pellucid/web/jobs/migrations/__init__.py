"""The tables of ``jobs``, as they came to be."""
