"""Template tags that every page has."""
