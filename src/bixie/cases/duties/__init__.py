"""What happens to duties by themselves: reminders, and what was announced for the end of their time."""
