"""Runs of subsidies: begun, watched, summed, told line by line, and tried by other figures."""
