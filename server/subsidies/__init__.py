"""补贴: what somebody is to be paid by which rule, asked for, approved, published and paid."""
