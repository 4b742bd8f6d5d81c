"""送餐: meals that are carried to the door, in rounds, each handed over or brought back."""
