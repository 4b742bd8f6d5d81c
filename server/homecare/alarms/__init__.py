"""Calls for help from homes: who is called in which order, who came, and how it ended."""
