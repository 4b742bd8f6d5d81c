"""The phone's side of `server.own_data`."""
