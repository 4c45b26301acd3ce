"""The report page: one self-contained HTML file in two languages, for a screen, a phone and paper."""
