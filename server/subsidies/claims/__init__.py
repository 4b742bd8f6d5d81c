"""Claims: what a site, an elder or a caregiver asks for, and every office that looks at it."""
