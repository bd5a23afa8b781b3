"""The views of the staff pages, one subject a file; they read through queries and write through actions."""
