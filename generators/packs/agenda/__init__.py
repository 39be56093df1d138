"""Somebody's own agenda: calendars, events, invitations, meeting rooms, colleagues and tasks."""
