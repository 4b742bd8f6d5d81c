"""公示: what a run pays is published before it is paid, and whoever knows better objects."""
