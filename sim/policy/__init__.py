"""Sanctions as dated data, and the one place that answers what they permit."""
