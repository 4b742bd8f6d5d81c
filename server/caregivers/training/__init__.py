"""Courses: sessions, places and the line for them, attendance, exams, certificates, subsidy."""
