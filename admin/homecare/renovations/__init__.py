"""Age-friendly renovations: by stage, one home with its next step, survey, catalogue and sums."""
