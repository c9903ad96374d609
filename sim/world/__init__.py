"""What exists, without behaviour: calendar, ensemble, ledger, inputs; imports nothing of sim."""
