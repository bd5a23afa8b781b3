"""How pages look: tokens, components, pictures, and template tags for the texts."""
