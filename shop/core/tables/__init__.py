"""Tables out of files that strangers send, within limits that hold whatever the files claim."""
