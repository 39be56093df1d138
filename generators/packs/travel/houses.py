"""The hotels of each city: invented houses in real districts."""

from __future__ import annotations

HOTELS: dict[str, list[tuple[str, str, int]]] = {
    "Amsterdam": [
        ("Hotel Lindenkade", "Jordaan", 4),
        ("Canal House Verhoeven", "Grachtengordel", 5),
        ("De Pijp Rooms", "De Pijp", 3),
        ("Museumhof Hotel", "Museumkwartier", 4),
    ],
    "Beijing": [
        ("Yunhe Courtyard Hotel", "Dongcheng", 4),
        ("Chaoyang Plaza Hotel", "Chaoyang", 5),
        ("Houhai Garden Inn", "Xicheng", 3),
        ("Wudaokou City Hotel", "Haidian", 3),
        ("Jinsong Grand Hotel", "Chaoyang", 4),
    ],
    "Berlin": [
        ("Hotel Spreeblick", "Mitte", 4),
        ("Kastanien Hof", "Prenzlauer Berg", 3),
        ("Landwehr Lodge", "Kreuzberg", 3),
        ("Savigny Palais", "Charlottenburg", 5),
    ],
    "Cairo": [
        ("Nile Lotus Hotel", "Zamalek", 5),
        ("Sultan Court Hotel", "Islamic Cairo", 3),
        ("Garden City Residence", "Garden City", 4),
        ("Heliopolis Park Hotel", "Heliopolis", 4),
    ],
    "Dubai": [
        ("Creekside Pearl Hotel", "Deira", 3),
        ("Marina Crest Hotel", "Dubai Marina", 5),
        ("Al Noor Boutique Hotel", "Al Fahidi", 4),
        ("Boulevard Dunes Hotel", "Downtown Dubai", 5),
    ],
    "Istanbul": [
        ("Galata Lantern Hotel", "Beyoğlu", 4),
        ("Sirkeci Court Hotel", "Sirkeci", 3),
        ("Bosphorus Linden Hotel", "Beşiktaş", 5),
        ("Moda Pier Hotel", "Kadıköy", 3),
    ],
    "Kyoto": [
        ("Hotel Kamogawa View", "Gion", 5),
        ("Nishijin Machiya Stay", "Nishijin", 3),
        ("Arashiyama Bamboo Inn", "Arashiyama", 4),
        ("Karasuma Crossing Hotel", "Karasuma", 4),
        ("Higashiyama Lantern Ryokan", "Higashiyama", 4),
    ],
    "Lisbon": [
        ("Casa do Azulejo", "Alfama", 4),
        ("Hotel Ribeira Tejo", "Baixa", 4),
        ("Príncipe Garden Hotel", "Príncipe Real", 5),
        ("Pensão Estrela", "Estrela", 3),
    ],
    "London": [
        ("The Alder House", "Bloomsbury", 4),
        ("Thamesgate Hotel", "South Bank", 4),
        ("Kensington Mews Hotel", "Kensington", 5),
        ("Shoreditch Yard", "Shoreditch", 3),
        ("Paddington Arches Hotel", "Paddington", 3),
    ],
    "Madrid": [
        ("Hotel Plaza Cibeles Sur", "Centro", 4),
        ("Casa Lavapiés", "Lavapiés", 3),
        ("Gran Salamanca Hotel", "Salamanca", 5),
        ("Retiro Jardín Hotel", "Retiro", 4),
    ],
    "Mexico City": [
        ("Hotel Jacaranda", "Roma Norte", 4),
        ("Casa Coyote", "Coyoacán", 3),
        ("Reforma Mirador Hotel", "Reforma", 5),
        ("Condesa Patio Hotel", "Condesa", 4),
    ],
    "New York": [
        ("The Marlowe Street Hotel", "Midtown", 4),
        ("Hudson Loft Hotel", "Chelsea", 4),
        ("Gramercy Lane Hotel", "Gramercy", 5),
        ("Brooklyn Harbor Inn", "Brooklyn Heights", 3),
        ("The Orchard on Ludlow", "Lower East Side", 3),
    ],
    "Osaka": [
        ("Namba Riverside Hotel", "Namba", 4),
        ("Umeda Skyline Hotel", "Umeda", 5),
        ("Tennoji Park Inn", "Tennoji", 3),
        ("Shinsaibashi Arcade Hotel", "Shinsaibashi", 3),
    ],
    "Oslo": [
        ("Hotel Fjordlys", "Aker Brygge", 5),
        ("Majorstuen Gjestehus", "Majorstuen", 3),
        ("Sagene Mill Hotel", "Sagene", 3),
        ("Karl Johan Grand Rooms", "Sentrum", 4),
    ],
    "Paris": [
        ("Hôtel des Tilleuls", "Le Marais", 4),
        ("Hôtel Quai Lumière", "Saint-Germain", 5),
        ("Le Petit Belleville", "Belleville", 3),
        ("Hôtel Montmartre Vignes", "Montmartre", 3),
        ("Maison Saint-Honoré", "Opéra", 5),
    ],
    "Rome": [
        ("Albergo della Fontana", "Trevi", 4),
        ("Casa Trastevere", "Trastevere", 3),
        ("Palazzo Aurelio", "Prati", 5),
        ("Monti Terrace Hotel", "Monti", 4),
    ],
    "San Francisco": [
        ("Fog Harbor Hotel", "Embarcadero", 4),
        ("Mission Cypress Hotel", "Mission District", 3),
        ("Nob Hill Regent", "Nob Hill", 5),
        ("The Presidio Lodge", "Marina District", 4),
    ],
    "Shanghai": [
        ("Wukang Garden Hotel", "Xuhui", 4),
        ("Bund Harbour Hotel", "Huangpu", 5),
        ("Jing'an Maple Hotel", "Jing'an", 4),
        ("Lujiazui Central Hotel", "Pudong", 5),
        ("Hongkou Riverside Inn", "Hongkou", 3),
    ],
    "Singapore": [
        ("Tiong Bahru House", "Tiong Bahru", 3),
        ("Marina Orchid Hotel", "Marina Bay", 5),
        ("Kampong Glam Hotel", "Kampong Glam", 4),
        ("Orchard Fern Hotel", "Orchard", 4),
    ],
    "Sydney": [
        ("Harbour Fig Hotel", "The Rocks", 5),
        ("Surry Hills Terrace", "Surry Hills", 3),
        ("Bondi Saltwater Hotel", "Bondi", 4),
        ("Darling Quay Hotel", "Darling Harbour", 4),
    ],
    "Tokyo": [
        ("Hotel Asakusa Lantern", "Asakusa", 3),
        ("Shinjuku Gyoen Hotel", "Shinjuku", 4),
        ("Ginza Willow Hotel", "Ginza", 5),
        ("Ueno Park Side Hotel", "Ueno", 3),
        ("Shibuya Hilltop Hotel", "Shibuya", 4),
    ],
    "Toronto": [
        ("The Distillery Hotel", "Distillery District", 4),
        ("Yorkville Manor", "Yorkville", 5),
        ("Queen West Rooms", "Queen West", 3),
        ("Lakeshore Maple Hotel", "Harbourfront", 4),
    ],
    "Vienna": [
        ("Hotel Rosenpark", "Landstraße", 4),
        ("Pension Mariahilf", "Mariahilf", 3),
        ("Palais Kärnten", "Innere Stadt", 5),
        ("Prater Allee Hotel", "Leopoldstadt", 3),
    ],
    "Zurich": [
        ("Hotel Limmathof", "Altstadt", 4),
        ("Seefeld Gardens", "Seefeld", 5),
        ("Langstrasse Inn", "Aussersihl", 3),
        ("Enge Lakeside Hotel", "Enge", 4),
    ],
}
"""city -> (name, district, stars); every name stands once."""
