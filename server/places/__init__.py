"""The divisions of a city, from the city itself down to its villages."""
