"""What facilities are asked; nothing here changes a row."""
