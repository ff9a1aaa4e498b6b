"""What is taught, and how it is published."""
