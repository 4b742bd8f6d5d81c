"""The trail of changes, for those who audit."""
