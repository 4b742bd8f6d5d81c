"""Age-friendly renovation of a home (适老化改造), from the application to the settled grant."""
