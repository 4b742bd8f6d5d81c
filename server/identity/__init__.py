"""Who may come in: accounts by phone and code, staff by password, sign-ins, roles."""
