"""What `yinling serve` starts, watches and stops."""
