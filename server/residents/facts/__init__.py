"""Dated facts of a person that rules ask for: hukou, disability, guardian, insurance, account."""
