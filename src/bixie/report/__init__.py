"""Results as people and programs get them: the document, the page, the folder.

`bixie.examine()` lives here.
"""
