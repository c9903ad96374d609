"""What a run records, under which name and unit, and how it is kept; may read the model."""
