"""Settings, root urls, what starts the server."""
