"""Travel desk: travellers, flights, seats, hotels and what they have booked."""
