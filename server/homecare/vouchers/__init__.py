"""What a person is entitled to at home: bought service by groups, and the monthly voucher."""
