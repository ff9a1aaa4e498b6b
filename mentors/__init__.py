"""Who walks beside."""
