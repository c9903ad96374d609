"""One frozen, typed tree of inputs: read, overridden, checked; knows policy, rules and world."""
