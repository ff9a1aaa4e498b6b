"""What media tells those above it, who listen if they care."""

from django.dispatch import Signal

# Sent with text_key and voice after the database has it: a text sounds otherwise than a moment ago.
heard_differently = Signal()

# Sent with the film after the database has it: phones can see it now, or no longer.
seen_differently = Signal()
