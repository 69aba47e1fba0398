"""Texts by SMPP 3.4, the protocol of the networks' own message centres.

A session of our own rather than a library's: what became of each text must be known one by one, and told apart are a
text that the centre refused, one that it never saw, and one that it may have. The client libraries under a licence that
we take keep a queue of their own and repeat by themselves. Written from the specification (Short Message Peer to Peer
Protocol Specification v3.4, issue 1.2); tested against a server with a codec of other authors.
"""
