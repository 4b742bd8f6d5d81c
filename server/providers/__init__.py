"""Organisations that provide care, and their sites of every kind."""
