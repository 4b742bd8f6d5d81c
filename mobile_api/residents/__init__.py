"""The phone's side of `server.residents`."""
