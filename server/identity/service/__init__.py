"""What people do at the door and with accounts, one file for each noun."""
