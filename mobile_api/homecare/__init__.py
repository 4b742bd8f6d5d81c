"""Care at home, on the phone of whoever gives it and of whoever gets it."""
