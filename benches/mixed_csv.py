"""Writes the CSV of the `csv` job: 1,000,000 rows, numbers, categories and missing values, about 90 MB. Usage: mixed_csv.py FILE [ROWS]"""

import random
import sys

path = sys.argv[1]
rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
source = random.Random(7)
cities = ["Amsterdam", "Berlin", "Copenhagen", "Dublin", "Edinburgh", "Florence", "Geneva", "Helsinki"]
with open(path, "w", encoding="utf-8", newline="") as out:
    out.write("id,age,income,score,city,segment,clicks,ratio,balance,label\n")
    for i in range(rows):
        age = source.randint(18, 90) if source.random() > 0.03 else ""
        income = f"{source.lognormvariate(10, 0.5):.2f}"
        score = repr(source.gauss(0.0, 1.0))
        ratio = repr(source.random())
        balance = f"{source.uniform(-5000, 5000):.3f}" if source.random() > 0.02 else ""
        out.write(
            f"{i},{age},{income},{score},{source.choice(cities)},segment_{source.randint(1, 40)},"
            f"{source.randint(0, 500)},{ratio},{balance},{int(source.random() < 0.3)}\n"
        )
