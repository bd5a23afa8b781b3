"""Background jobs: what Django's tasks interface lacks (retries, a reaper, a schedule)."""
