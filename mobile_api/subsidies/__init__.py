"""我的补贴: what an elder or a caregiver gets and why, claims of their own, and objections."""
