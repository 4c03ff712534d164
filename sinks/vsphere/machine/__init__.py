"""What actions read of a virtual machine, and the changes that several of them make."""
