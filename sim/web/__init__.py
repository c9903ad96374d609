"""The what-if page; only the command line sits above it."""
