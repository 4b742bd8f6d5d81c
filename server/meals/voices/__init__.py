"""What eaters say of meals: three faces, complaints and suggestions, and what is told to them."""
