"""Pictures and recordings fit for a cheap phone."""
