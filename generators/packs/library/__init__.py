"""A firm's library of handbooks and rules: searched, read, cited, bookmarked."""
