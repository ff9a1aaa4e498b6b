"""Who walks beside whom, who could, and who looked. Re-exports nothing: import from the noun's module."""
