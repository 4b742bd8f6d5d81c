"""餐费钱包: money paid to a canteen in advance, what became of it, and the counter's cash."""
