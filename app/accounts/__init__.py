"""Accounts: organisations, people, the roles they hold, and how they sign in."""
