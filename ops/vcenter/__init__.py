"""One vCenter as an operator sees it: is it reachable, may we read it, how far have we read it?"""
