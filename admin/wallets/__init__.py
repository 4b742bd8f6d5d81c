"""餐费钱包 of elders at canteens, and the cash of the counter."""
