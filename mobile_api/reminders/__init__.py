"""我的提醒: what a caregiver was reminded of, and whether it is put right."""
