"""The phone's side of `server.facilities`: find a home, see it, wait for a bed, take one."""
