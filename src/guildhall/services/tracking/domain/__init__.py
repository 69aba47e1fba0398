"""The seven public statuses and the rules of looking one up."""
