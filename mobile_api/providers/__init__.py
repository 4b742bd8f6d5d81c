"""The phone's side of `server.providers`."""
