"""What was paid by facts that changed since: listed, looked at anew, and put right."""
