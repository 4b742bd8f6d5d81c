"""The counter of a canteen: its API below `/v1/counter`, and its app at `/app/counter`."""
