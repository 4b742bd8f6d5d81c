"""The composition root: how the processes of Yinling are configured, wired, started and deployed."""
