"""The phone's side of `server.meals`."""
