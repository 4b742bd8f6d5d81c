"""回访: people are rung up about visits that were proved, by a sample that anybody can draw again."""
