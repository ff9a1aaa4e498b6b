"""The learner: who, what they agreed to, what they did."""
