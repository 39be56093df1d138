"""Wording by composition: what packs say, put together into requests and answers."""
