"""Mechanisms without a domain word: rows and transactions, time, states, audit, search, jobs, mail, forms, pages."""
