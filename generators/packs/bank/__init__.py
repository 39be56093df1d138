"""A bank: accounts, payments, payees, bills, cards, statements and standing orders."""
