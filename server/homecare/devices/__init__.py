"""Devices of beds at home: which are where, when each was last heard, and what they call for."""
