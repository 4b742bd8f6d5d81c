"""What somebody gets themselves: lines about them, how far each has come, and what they said."""
