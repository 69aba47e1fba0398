"""Does reading what strangers write take time in proportion to its length? Texts made to be slow, and a stop-watch."""
