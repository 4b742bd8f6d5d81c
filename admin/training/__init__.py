"""Pages of courses: sessions, who learns there, the door, exams, certificates, money, contests."""
