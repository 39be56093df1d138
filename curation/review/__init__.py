"""Review by people in Argilla: rows out, judgements and corrections back."""
