"""What people see of identity: registering, signing in and out, and how their account is protected."""
