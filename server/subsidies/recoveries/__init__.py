"""What was paid and is owed back: by transfer, or netted from what comes next."""
