"""`yinling export`: write sites or bookings into a file that a spreadsheet opens."""
