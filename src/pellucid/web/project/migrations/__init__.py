"""The tables of ``project``, as they came to be."""
