"""Faust tables on this transport: a table's partition lives where its source partition is, rebuilt when it arrives."""
