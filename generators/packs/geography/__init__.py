"""Cities, countries and airports."""
