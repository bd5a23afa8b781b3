"""The tables of ``audit``, as they came to be."""
