"""Files and folders of datastores."""
