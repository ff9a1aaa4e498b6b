"""What is known about people. Re-exports nothing: import from the module that holds the noun.

Only `lms` and `mentors.access` may import from here (.importlinter), so nobody else can ask for people.
"""
