"""Time zones, holidays, working days and counting days."""
