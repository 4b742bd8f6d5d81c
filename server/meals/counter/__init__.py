"""The counter: signed meal codes, what is handed out with and without a network, walk-ins."""
