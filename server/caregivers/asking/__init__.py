"""What waits for somebody else's yes: scans from phones, and takeovers between employers."""
