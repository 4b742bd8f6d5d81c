"""Tables' base, sessions and the one function that commits."""
