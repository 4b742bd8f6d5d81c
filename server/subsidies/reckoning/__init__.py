"""核算: cases are frozen, and one statement a slice says what each of them comes to."""
