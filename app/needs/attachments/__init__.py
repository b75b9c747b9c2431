"""Attachments of a need: documents and pictures that suppliers read with it."""
