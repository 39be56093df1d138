"""Invented travellers.

Chinese names are fixed, because a Chinese request writes them in characters
(`schemas/surface/terms/travel.yaml`); the others are combined.
"""

from __future__ import annotations

import random
import unicodedata
from functools import lru_cache

CHINESE = (
    "Bai Ruoxi|Cao Jiaming|Chen Siyuan|Cheng Yifan|Deng Wenhao|Ding Yuhan|Fang Zihan|Feng Xiaowen|"
    "Gao Mingze|Guo Jingyi|Han Xueqing|He Junjie|Hu Peiran|Huang Yating|Jiang Haoran|Li Wanqing|"
    "Liang Zhiyuan|Lin Xiaoyu|Liu Chenxi|Lu Tianyi|Luo Simin|Ma Ruilin|Meng Qingyu|Pan Yuxuan|"
    "Peng Zhihao|Qian Lingyun|Shen Moran|Song Jiayi|Sun Haoyu|Tang Wenjing|Tian Ruoyun|"
    "Wang Zixuan|Wei Changming|Wu Xinyue|Xie Yunfei|Xu Jingwen|Yang Yichen|Ye Zhiqiu|Yu Xiaotong|"
    "Zhang Muyang|Zhao Yuning|Zheng Kexin|Zhou Ziqi|Zhu Mengjie"
).split("|")

CULTURES = [  # given names, family names, home cities that go with them
    (
        "Nora Erik Ingrid Jonas Astrid Magnus Solveig Henrik",
        "Lindqvist Berg Dahl Halvorsen Nygaard Solberg Hagen Strand",
        "Oslo|Berlin|Amsterdam",
    ),
    (
        "Amelia Oliver Harriet Callum Imogen Rhys Fiona Graham",
        "Whitfield Harding Pemberton Lockwood Ashworth Mercer Holloway Fairbairn",
        "London|Toronto|Sydney",
    ),
    (
        "Madison Tyler Brianna Marcus Jasmine Caleb Denise Wesley",
        "Carver Hutchins Bradley Tillman Whitaker Pruitt Langley Broussard",
        "New York|San Francisco|Toronto",
    ),
    (
        "Camille Julien Manon Antoine Clara Mathieu Élodie Bastien",
        "Moreau Lefebvre Garnier Chevalier Fontaine Renard Marchand Besson",
        "Paris|Zurich",
    ),
    (
        "Lena Moritz Katharina Felix Johanna Tobias Greta Lukas",
        "Brandt Vogel Hartmann Seidel Winkler Kessler Baumann Thalberg",
        "Berlin|Vienna|Zurich",
    ),
    (
        "Lucía Álvaro Carmen Javier Valentina Diego Marisol Rodrigo",
        "Navarro Ibáñez Castellano Ortega Villanueva Serrano Cárdenas Montoya",
        "Madrid|Mexico City",
    ),
    (
        "Chiara Matteo Giulia Lorenzo Beatrice Davide Ilaria Emanuele",
        "Bellini Moretti Santoro Ferraro Lombardi Pellegrini Bianchi Vitale",
        "Rome|Zurich",
    ),
    (
        "Inês Tiago Beatriz Duarte Marta Vasco Leonor Gonçalo",
        "Carvalho Teixeira Moura Pinheiro Azevedo Sequeira Tavares Barreto",
        "Lisbon|Paris",
    ),
    (
        "Aiko Haruto Yuki Kenji Sakura Daichi Emi Takumi",
        "Tanaka Kobayashi Mori Hayashi Fujita Nakagawa Ishida Yamane",
        "Tokyo|Osaka",
    ),
    (
        "Priya Arjun Kavya Rohan Ananya Vikram Meera Nikhil",
        "Raman Deshpande Iyer Kapoor Chatterjee Nair Bhatt Menon",
        "Singapore|Dubai|London",
    ),
    (
        "Layla Omar Yasmin Karim Nadia Tariq Salma Hassan",
        "Mansour Farouk Haddad Al-Rashid Saleh Khoury Zaki Nasser",
        "Cairo|Dubai|Istanbul",
    ),
    (
        "Elif Emre Zeynep Kerem Defne Mert Ayla Burak",
        "Aydin Demir Kaya Polat Tekin Arslan Ozkan Yalman",
        "Istanbul|Berlin",
    ),
    (
        "Amara Chidi Ngozi Kwame Zola Thabo Efua Sipho",
        "Okafor Mensah Adeyemi Dlamini Boateng Nwosu Asante Mokoena",
        "London|Cairo|New York",
    ),
    (
        "Siti Wei Jun Mei Hana Farid Joanna Adrian",
        "Tan Rahman Lim Ong Wijaya Goh Hidayat Pereira",
        "Singapore|Sydney",
    ),
]
_GIVEN = [given.split() for given, _, _ in CULTURES]
_FAMILY = [family.split() for _, family, _ in CULTURES]
_HOMES = [homes.split("|") for _, _, homes in CULTURES]
_CHINESE_HOMES = "Beijing|Beijing|Shanghai|Shanghai|Singapore|San Francisco|Sydney".split("|")


def travellers(rng: random.Random, number: int) -> list[tuple[str, str, str]]:
    """`number` people as (name, e-mail address, home city), all names different."""
    found: dict[str, str] = {}
    for name in rng.sample(CHINESE, number // 4):
        found[name] = _CHINESE_HOMES[int(rng.random() * len(_CHINESE_HOMES))]
    while len(found) < number:
        culture = int(rng.random() * len(CULTURES))
        given, family = _GIVEN[culture], _FAMILY[culture]
        name = f"{given[int(rng.random() * 8)]} {family[int(rng.random() * 8)]}"
        homes = _HOMES[culture]
        found.setdefault(name, homes[int(rng.random() * len(homes))])
    people = list(found.items())
    rng.shuffle(people)
    return [(name, f"{_ascii(name)}@example.com", home) for name, home in people]


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` for comparison: no case, accents, spaces or marks."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum())


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower())
    letters = (c for c in plain if c.isascii() and (c.isalpha() or c == " "))
    return "".join(letters).replace(" ", ".")
