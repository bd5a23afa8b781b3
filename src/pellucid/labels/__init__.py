"""What is in the bottle: ingredient lists, read name by name, and what they mean for a person's skin."""
