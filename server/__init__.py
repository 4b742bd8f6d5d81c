"""The rules and records of the city's elder care; knows no HTTP, HTML or timers."""
