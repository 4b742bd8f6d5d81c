"""What an auditor sees: from the total of the city down to one line, as it was known on a day."""
