"""Companies and the people in them; phone, bank, tax, card and book numbers; languages."""
