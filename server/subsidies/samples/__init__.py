"""抽样: lines of a run drawn by lot, what they came to, and what that says of the whole."""
