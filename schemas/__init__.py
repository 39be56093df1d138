"""The ground floor: the record, its sources and gates, the store. Pure; imports nothing of ours."""
