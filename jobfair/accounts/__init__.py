"""Organisations, users, roles, the policy, signing in."""
