"""Ability assessments of residents by GB/T 42195-2022: from a draft to a level that holds."""
