"""The forms of the staff pages, one subject a file."""
