"""What a phone may ask of the city: JSON under `/api/v1`, and the web app that asks it."""
