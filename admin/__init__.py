"""The console: server-rendered pages for the people who run elder care."""
