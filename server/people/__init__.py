"""What can be read from the papers of residents and caregivers: name, ID number, phone."""
