"""A team's drive: files, their versions and shares, folders, tags, the trash, and notes."""
