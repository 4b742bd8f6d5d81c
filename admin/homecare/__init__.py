"""Care at home on the console: beds at home, who is sent where, and what is to be looked at."""
