"""What eaters say, how they rate, and what is announced to them, on the console."""
