"""支付对账: what the provider says of each day, and what was told and not believed."""
