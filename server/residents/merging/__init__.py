"""Somebody who is in the register twice: found, looked at by two people, made one, and undone."""
