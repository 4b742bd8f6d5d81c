"""Devices in homes at the console: the ledger of a provider, and what stands in one home."""
