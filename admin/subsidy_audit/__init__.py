"""审计台: from the total of the city down to one line, its evidence and its entry in the trail."""
