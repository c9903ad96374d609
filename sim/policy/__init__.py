"""Measures as typed data, and what they permit on which route; knows world only."""
