"""The way of a bed at home: applied for, looked at, published, signed, built, accepted, served."""
