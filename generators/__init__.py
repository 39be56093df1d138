"""Making rows: tools and packs, plans, real execution, wording, builds."""
