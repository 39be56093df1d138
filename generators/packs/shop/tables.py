"""What the shop's worlds are made of: invented names, places, goods, price levels."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    country: str
    city: str


class Culture(NamedTuple):
    """Names that go together, and where people who bear them live in our worlds."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[Place, ...]


def _culture(given: str, family: str, places: str) -> Culture:
    homes = (home.split(" ", 1) for home in places.split(", "))
    return Culture(
        tuple(given.split()), tuple(family.split()), tuple(Place(c, city) for c, city in homes)
    )


CULTURES = (
    _culture(
        "Wei Fang Jun Xiaoyan Lei Mei Haoran Yuting Zihan Qiang Lan Jianguo Xinyi Bo",
        "Zhang Wang Li Chen Liu Yang Zhao Huang Zhou Wu Xu Sun Ma Lin",
        "CN Beijing, CN Shanghai, CN Shenzhen, CN Chengdu, CN Hangzhou, CN Wuhan, SG Singapore",
    ),
    _culture(
        "Nora Erik Astrid Lars Freja Oskar Linnea Henrik Ingrid Mats Signe Anders",
        "Lindqvist Berg Hansen Nygaard Holm Dahl Ekstrom Lund Solberg Vik Strand Moller",
        "SE Stockholm, SE Gothenburg, NO Oslo, NO Bergen, DK Copenhagen, DK Aarhus",
    ),
    _culture(
        "Jonas Klara Felix Hannah Lukas Greta Moritz Anja Stefan Lena Tobias Petra",
        "Keller Vogel Brandt Hoffmann Weiss Krause Lehmann Seidel Baumann Roth Winkler Haas",
        "DE Berlin, DE Hamburg, DE Munich, AT Vienna, CH Zurich, CH Geneva",
    ),
    _culture(
        "Camille Hugo Elodie Antoine Manon Julien Ines Bastien Clara Mathieu Louise Remi",
        "Moreau Lefevre Girard Bonnet Dupuis Fontaine Marchand Roussel Chevalier Perrin Garnier",
        "FR Paris, FR Lyon, FR Marseille, FR Toulouse, BE Brussels",
    ),
    _culture(
        "Giulia Marco Chiara Lorenzo Francesca Davide Alessia Matteo Sara Pietro Elena Luca",
        "Rossi Ferrari Conti Gallo Ricci Marchetti Bianchi Greco Rinaldi Fontana Moretti Villa",
        "IT Rome, IT Milan, IT Turin, IT Naples, IT Bologna",
    ),
    _culture(
        "Lucia Diego Carmen Javier Valentina Andres Paula Sergio Marisol Rafael Ximena Pablo",
        "Navarro Ortega Herrera Molina Castillo Vega Romero Salazar Fuentes Rojas Delgado Campos",
        "ES Madrid, ES Barcelona, ES Valencia, MX Guadalajara, MX Monterrey, CL Santiago",
    ),
    _culture(
        "Beatriz Thiago Mariana Joao Leticia Rui Camila Duarte Larissa Vasco Renata Nuno",
        "Almeida Carvalho Ferreira Monteiro Barbosa Teixeira Nogueira Pinto Ribeiro Lopes Moura",
        "PT Lisbon, PT Porto, BR Rio de Janeiro",
    ),
    _culture(
        "Emma Oliver Grace Liam Chloe Ethan Abigail Noah Megan Jack Harriet Callum",
        "Walker Bennett Hughes Foster Murphy Campbell Reid Turner Sullivan Brooks Palmer Doyle",
        "GB London, GB Manchester, GB Edinburgh, US Chicago, US Seattle, US Boston, US Denver,"
        " CA Toronto, CA Vancouver, AU Sydney, AU Melbourne, NZ Auckland, IE Dublin",
    ),
    _culture(
        "Zofia Jakub Agnieszka Tomasz Katarzyna Pavel Jana Marek Tereza Ondrej Hanna Piotr",
        "Nowak Kowalski Wojcik Zielinski Novak Dvorak Svoboda Kucera Mazur Horak Lis Krol",
        "PL Warsaw, PL Krakow, CZ Prague, CZ Brno",
    ),
    _culture(
        "Yuki Haruto Sakura Kenji Aoi Daichi Hana Ren Naomi Takumi Emi Shota",
        "Tanaka Sato Yamamoto Nakamura Kobayashi Ito Watanabe Fujii Mori Ishikawa Ogawa Hayashi",
        "JP Tokyo, JP Osaka, JP Kyoto, JP Sapporo, JP Nagoya",
    ),
    _culture(
        "Jiwoo Minjun Seoyeon Hyunwoo Yuna Donghyun Eunji Taeyang Sumin Jaehyun Hana Minseo",
        "Kim Park Choi Jung Kang Cho Yoon Jang Lim Han Shin Seo",
        "KR Seoul, KR Busan, KR Daegu",
    ),
    _culture(
        "Priya Arjun Ananya Rohan Kavya Vikram Meera Sanjay Isha Rahul Divya Nikhil",
        "Sharma Patel Iyer Reddy Nair Gupta Mehta Kapoor Desai Menon Banerjee Joshi",
        "IN Mumbai, IN New Delhi, IN Bengaluru, IN Chennai, IN Kolkata",
    ),
    _culture(
        "Elif Emre Zeynep Mert Ayse Burak Selin Kerem Defne Onur Ceren Baris",
        "Yilmaz Demir Kaya Aydin Arslan Dogan Polat Korkmaz Ozturk Acar Gunes Tekin",
        "TR Istanbul, TR Ankara, TR Izmir",
    ),
    _culture(
        "Layla Omar Fatima Karim Yasmin Tariq Nour Samir Amira Hassan Rania Khalid",
        "Haddad Mansour Nasser Farouk Saleh Khoury Rahman Aziz Hamdan Bakri Sabry Darwish",
        "AE Dubai, EG Cairo, EG Luxor, MA Casablanca, SA Riyadh",
    ),
    _culture(
        "Amara Chidi Ngozi Tunde Zainab Kwame Abena Jomo Wanjiru Thabo Lerato Sipho",
        "Okafor Adeyemi Balogun Mensah Owusu Kamau Otieno Dlamini Nkosi Eze Bello Mokoena",
        "NG Lagos, GH Accra, KE Nairobi, ZA Johannesburg, ZA Durban",
    ),
    _culture(
        "Linh Minh Thao Quang Hoa Somchai Malee Anong Budi Putri Dewi Rizal",
        "Nguyen Tran Pham Vo Dang Bui Suksan Chaiyo Santoso Wijaya Lestari Pratama",
        "VN Hanoi, TH Bangkok, TH Phuket, ID Jakarta, MY Kuala Lumpur",
    ),
)

# ----------------------------------------------------------------------- price levels

CURRENCY_OF = {
    **dict.fromkeys(("DE", "AT", "FR", "BE", "IT", "ES", "PT", "IE", "NL", "FI", "GR"), "EUR"),
    "GB": "GBP", "US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SE": "SEK", "NO": "NOK",
    "DK": "DKK", "CH": "CHF", "PL": "PLN", "CZ": "CZK", "HU": "HUF", "TR": "TRY", "JP": "JPY",
    "KR": "KRW", "CN": "CNY", "SG": "SGD", "HK": "HKD", "IN": "INR", "TH": "THB", "MY": "MYR",
    "ID": "IDR", "AE": "AED", "SA": "SAR", "ZA": "ZAR", "BR": "BRL", "MX": "MXN", "IL": "ILS",
}  # fmt: skip
"""Country -> the currency the shop charges there; every other country pays in `OTHER`."""

OTHER = "USD"

COUNTRY_NAMES = {
    "AE": "United Arab Emirates", "AT": "Austria", "AU": "Australia", "BE": "Belgium",
    "BR": "Brazil", "CA": "Canada", "CH": "Switzerland", "CL": "Chile", "CN": "China",
    "CZ": "Czechia", "DE": "Germany", "DK": "Denmark", "EG": "Egypt", "ES": "Spain",
    "FR": "France", "GB": "United Kingdom", "GH": "Ghana", "ID": "Indonesia", "IE": "Ireland",
    "IN": "India", "IT": "Italy", "JP": "Japan", "KE": "Kenya", "KR": "South Korea",
    "MA": "Morocco", "MX": "Mexico", "MY": "Malaysia", "NG": "Nigeria", "NO": "Norway",
    "NZ": "New Zealand", "PL": "Poland", "PT": "Portugal", "SA": "Saudi Arabia",
    "SE": "Sweden", "SG": "Singapore", "TH": "Thailand", "TR": "Turkey",
    "US": "United States", "VN": "Vietnam", "ZA": "South Africa",
}  # fmt: skip
"""Of the countries that customers live in."""

NEAR = frozenset(
    "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MC MT NL NO PL PT RO SE"
    " SI SK".split()
)
"""Where parcels go by road from the shop's warehouses in Europe."""

PRICE_LEVEL = {
    "EUR": 1.0, "GBP": 0.88, "USD": 1.1, "CAD": 1.5, "AUD": 1.68, "NZD": 1.85, "SEK": 11.5,
    "NOK": 11.9, "DKK": 7.5, "CHF": 0.99, "PLN": 4.4, "CZK": 25.5, "HUF": 405.0, "TRY": 52.0,
    "JPY": 168.0, "KRW": 1510.0, "CNY": 8.1, "SGD": 1.5, "HKD": 8.7, "INR": 93.0, "THB": 38.5,
    "MYR": 4.9, "IDR": 17900.0, "AED": 4.1, "SAR": 4.2, "ZAR": 20.4, "BRL": 6.2, "MXN": 21.0,
    "ILS": 4.0,
}  # fmt: skip
"""How the shop sets list prices, per euro of base price. Not an exchange rate."""

# ------------------------------------------------------------------------------ goods


class Good(NamedTuple):
    """A sort of product."""

    noun: str
    chinese: str
    price: tuple[float, float]
    """Base price in euros, lowest and highest."""
    weight: tuple[float, float]
    """Kilograms, lightest and heaviest."""


CATEGORIES = {
    "backpacks": (
        Good("hiking backpack", "登山包", (69, 240), (1.1, 2.6)),
        Good("commuter backpack", "通勤背包", (39, 130), (0.6, 1.2)),
        Good("laptop backpack", "电脑背包", (45, 160), (0.8, 1.5)),
        Good("travel backpack", "旅行背包", (79, 260), (1.2, 2.3)),
    ),
    "speakers": (
        Good("Bluetooth speaker", "蓝牙音箱", (25, 190), (0.3, 1.6)),
        Good("bookshelf speaker", "书架音箱", (90, 420), (3.2, 7.8)),
        Good("smart speaker", "智能音箱", (45, 280), (0.5, 2.7)),
        Good("party speaker", "户外音箱", (120, 480), (5.5, 16.0)),
    ),
    "desk lamps": (
        Good("desk lamp", "台灯", (25, 120), (0.8, 2.4)),
        Good("reading lamp", "阅读灯", (19, 75), (0.4, 1.7)),
        Good("clamp lamp", "夹子灯", (15, 60), (0.3, 1.1)),
        Good("architect lamp", "长臂台灯", (49, 190), (1.6, 4.2)),
    ),
    "coffee makers": (
        Good("espresso machine", "意式咖啡机", (140, 790), (4.5, 12.5)),
        Good("filter coffee maker", "滴滤咖啡机", (35, 190), (1.6, 3.9)),
        Good("capsule machine", "胶囊咖啡机", (60, 220), (2.4, 4.6)),
        Good("coffee grinder", "磨豆机", (40, 330), (1.1, 5.2)),
    ),
    "keyboards": (
        Good("mechanical keyboard", "机械键盘", (65, 240), (0.8, 1.7)),
        Good("wireless keyboard", "无线键盘", (22, 120), (0.35, 0.9)),
        Good("compact keyboard", "迷你键盘", (30, 140), (0.3, 0.8)),
        Good("split keyboard", "分体键盘", (90, 310), (0.7, 1.5)),
    ),
    "watches": (
        Good("running watch", "跑步手表", (110, 520), (0.03, 0.07)),
        Good("dive watch", "潜水表", (180, 890), (0.11, 0.21)),
        Good("field watch", "军表", (75, 380), (0.05, 0.12)),
        Good("dress watch", "正装表", (95, 640), (0.04, 0.11)),
    ),
    "board games": (
        Good("strategy game", "策略桌游", (32, 110), (1.2, 3.4)),
        Good("family game", "家庭桌游", (20, 55), (0.7, 1.9)),
        Good("card game", "卡牌游戏", (9, 28), (0.15, 0.5)),
        Good("word game", "拼词游戏", (14, 42), (0.4, 1.3)),
    ),
    "tents": (
        Good("trekking tent", "徒步帐篷", (120, 620), (1.1, 3.1)),
        Good("family tent", "家庭帐篷", (190, 790), (8.5, 19.0)),
        Good("pop-up tent", "速开帐篷", (49, 180), (2.6, 6.4)),
        Good("dome tent", "圆顶帐篷", (65, 290), (3.0, 6.9)),
    ),
}

BRANDS = tuple(
    "Kestrel Halden Nordvik Alpira Tamsin Orrin Larkfield Brevo Caldera Sundry Wrenly Fjell"
    " Moonrise Tarnway Pinewood Arcota Velmo Ostara Quillon Harrow Bramble Solenne Ketto Marlo"
    " Ridgeway Auburn Lumio Novara Zephyr Copperfield Tundra Mirelle Ashford Galley Driftwood"
    " Ember Fable Juniper Oakmere Peregrine Rookery Saffron Thistle Umbra Verano Willow Yarrow"
    " Cinder Delphi Evora Foxglove Gannet Hollis Indra Jasper Kinley Lodestar Meridian Nimbus"
    " Olmeda".split()
)
"""Invented or generic words; none that is a well-known maker of these goods."""

NAMES_PER_CATEGORY = 40


def names_in(category: str) -> list[tuple[str, Good]]:
    """Every name that a product of `category` bears in some world, with its sort."""
    goods = CATEGORIES[category]
    shift = 7 * list(CATEGORIES).index(category)
    names = []
    for i in range(NAMES_PER_CATEGORY):
        good = goods[i % len(goods)]
        names.append((f"{BRANDS[(i + shift) % len(BRANDS)]} {good.noun}", good))
    return names


CARRIERS = {"DHL": "JD", "UPS": "1Z", "FedEx": "FX", "GLS": "GL", "DPD": "DP"}
"""Carrier -> how its tracking numbers begin."""

HUBS = (
    *("Leipzig", "Cologne", "Rotterdam", "Milan", "Madrid", "Warsaw", "Istanbul", "Dubai"),
    *("Guangzhou", "Singapore", "Seoul", "Tokyo", "Dallas", "Chicago", "Miami", "Toronto"),
)
"""Where parcels are seen on their way."""

WAREHOUSES = (
    "Rotterdam",
    "Hamburg",
    "Birmingham",
    "Lyon",
    "Chicago",
    "Dallas",
    "Osaka",
    "Guangzhou",
)

TIERS = ("basic", "silver", "gold")

PICKUP_CITIES = tuple(sorted({place.city for culture in CULTURES for place in culture.places}))
"""Cities with a pickup point: those that customers live in."""
PICKUP_COUNTRY = {p.city: p.country for culture in CULTURES for p in culture.places}
