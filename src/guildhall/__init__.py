"""Guildhall: the common platforms of local government, in one house."""
