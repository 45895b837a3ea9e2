"""The only writers. Every write: permission, tenant, one transaction, audit row, version check."""
