"""When there is room: availability over people, rooms and devices, as pure functions; no database."""
