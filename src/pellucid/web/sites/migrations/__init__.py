"""The tables of ``sites``, as they came to be."""
