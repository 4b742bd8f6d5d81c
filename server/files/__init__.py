"""Photos and scans: what they hash to, whom they show, and what is left of one that was removed."""
