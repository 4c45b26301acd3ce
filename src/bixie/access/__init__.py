"""The principal and its tenant: no query of a tenant's data is possible without naming the tenant."""
