"""The phone's side of `server.identity`."""
