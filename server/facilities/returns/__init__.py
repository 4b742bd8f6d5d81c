"""What facilities say of themselves, day by day: bed returns 床位日报 and daily reports 日报."""
