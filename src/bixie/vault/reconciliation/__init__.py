"""Holds files, rows and jobs against each other: mends what is missing, or shows it."""
