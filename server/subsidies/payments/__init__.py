"""Lines become payments of a batch, a file for the bank, and what the bank says of each."""
