"""From a case and a seed to results in a folder; may use everything below it."""
