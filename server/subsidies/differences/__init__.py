"""差额核算: what was paid by facts that have changed since, put right to the fen."""
