"""转介, 五床联动: out of one bed into another, both in one step or neither."""
