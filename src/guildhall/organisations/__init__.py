"""Councils and who works in them: the list of UK councils, teams and roles, keys, the audit trail and the gate."""
