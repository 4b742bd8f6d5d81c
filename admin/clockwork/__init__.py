"""定时任务与提醒: what happens by itself, how it went, and who was reminded of what."""
