"""Claims and their offices, runs and their approval, notices and objections."""
