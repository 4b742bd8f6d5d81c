"""回访: people are rung up about proved visits, by a sample that anybody can draw again."""
