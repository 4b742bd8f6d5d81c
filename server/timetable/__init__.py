"""The record of timed work: which job ran for which slot, when, and with what result."""
