"""What a bed at home is owed: the catalogue of services, and the plan agreed with the elder."""
