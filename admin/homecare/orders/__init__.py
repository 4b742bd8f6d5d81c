"""Service bought for people at home: entitlements, orders, months, and checks on the spot."""
