"""The demo city: made-up people, sites and meals on real divisions, the same for the same seed."""
