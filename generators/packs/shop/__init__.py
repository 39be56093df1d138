"""An online shop: customers, products, carts, orders, parcels, returns and refunds."""
