"""The start page: what is owed today, and for administrators how the service is."""
