"""The tables of ``accounts``, as they came to be."""
