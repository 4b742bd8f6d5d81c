"""食堂经营: whether a canteen lives: its meals, money, and what eaters have prepaid."""
