"""`yinling backup` and `yinling restore`: put a city into one file, and back into a database."""
