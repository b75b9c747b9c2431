"""Coalitions: several providers answer one need together, with one lead, shares and liabilities."""
