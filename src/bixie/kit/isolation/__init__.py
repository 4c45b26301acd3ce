"""Runs tasks on hostile files in child processes, within limits of memory and time (docs/adr/0026)."""
