"""Which uncertain inputs carry the spread of the outcomes: screening, then shares of variance."""
