"""Working days and bank holidays, by nation. Pure, and the one reader of them."""
