"""Who did what to which record, and when. Rows are only ever added, and by the database alone."""
