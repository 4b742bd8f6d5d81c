"""Days and sittings that a canteen closes, and opens again."""
