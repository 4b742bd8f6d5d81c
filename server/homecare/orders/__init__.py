"""Services at home, ordered one by one, paid in parts, and redeemed on the proof of the visit."""
