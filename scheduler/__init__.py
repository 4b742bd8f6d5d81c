"""What happens by itself: messages are delivered, and the timetable's jobs run."""
