"""The clinic's records of its clients: one noun a file in models, actions (writes) and queries (reads)."""
