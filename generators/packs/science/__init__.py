"""Chemistry and astronomy."""
