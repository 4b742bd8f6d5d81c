"""`make bench`: the hot paths of the phone API beside their floors, on one machine, in one run."""
