"""How fast the parts are, each as a ratio to a named peer that does the same work in the same run."""
