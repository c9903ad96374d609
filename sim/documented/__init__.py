"""What really happened: loaded, aligned, scored; nothing below may read it."""
