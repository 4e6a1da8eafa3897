"""Inviting people to work for a cooperative, by their phone number."""
