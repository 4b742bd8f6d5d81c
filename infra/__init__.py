"""The composition root: how the processes are configured, wired, started and deployed."""
