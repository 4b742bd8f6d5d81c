"""Money of subsidies on the console: budgets, batches, banks' answers, and what is owed back."""
