"""A support desk: customers, tickets, agents, queues, deadlines and help articles."""
