"""Rendered skin with known pores: two families written apart, and what they share: the form of the truth."""
