"""Where people can be reached: emails, phones, postcodes, addresses. Pure, and the one reader of each."""
