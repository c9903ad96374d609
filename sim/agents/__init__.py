"""Who acts: thin methods that ask policy and rules and use the ledger; never each other."""
