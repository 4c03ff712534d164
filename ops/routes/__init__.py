"""What an operator expects of the routes, checked without a broker."""
