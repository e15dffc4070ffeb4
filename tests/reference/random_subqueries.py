"""Writes sql_random_subqueries.txt: queries within queries that chance relates to the rows around them. sql.py records what Spark answers.

    python tests/reference/random_subqueries.py [COUNT]
"""

import random
import sys
from pathlib import Path

VIEWS = [
    "CREATE TEMP VIEW t AS SELECT * FROM VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 5), (4, 'b', NULL), (5, NULL, 7), (NULL, 'c', 1), "
    "(2, 'b', 3) AS t(id, k, v)",
    "CREATE TEMP VIEW u AS SELECT * FROM VALUES (2, 'a', 1), (4, 'b', 2), (NULL, 'c', 3), (2, 'z', NULL), (7, 'a', 20), (3, NULL, 5) "
    "AS t(id, k, v)",
]
NUMBERS = ["id", "v"]
pick = random.choice


def comparison():
    return pick(["=", "<", "<=", ">", "<>", "<=>"])


def relation(inner):
    """A condition between the rows of `inner` and those of `o` around it."""
    kinds = [
        (20, lambda: f"{inner}.k = o.k"),
        (30, lambda: f"{inner}.{pick(NUMBERS)} {comparison()} o.{pick(NUMBERS)}"),
        (15, lambda: f"{inner}.{pick(NUMBERS)} + {random.randint(-1, 2)} {comparison()} o.{pick(NUMBERS)} * {random.randint(1, 2)}"),
        (10, lambda: f"({inner}.k = o.k OR {inner}.v > o.v)"),
        (10, lambda: f"{inner}.k {pick(['=', '<>', '<=>'])} upper(o.k)"),
        (7, lambda: f"o.{pick(NUMBERS)} > {random.randint(1, 5)}"),
        (8, lambda: f"{inner}.id IN (1, 2, o.id)"),
    ]
    return weighted(kinds)


def weighted(kinds):
    return random.choices([make for _, make in kinds], [weight for weight, _ in kinds])[0]()


def own_condition(inner):
    return pick([f"{inner}.v > {random.randint(0, 9)}", f"{inner}.k IS NOT NULL", f"{inner}.id < {random.randint(2, 6)}"])


def where(inner):
    conditions = [relation(inner) for _ in range(pick([1, 1, 2]))]
    if random.random() < 0.3:
        conditions.append(own_condition(inner))
    return " AND ".join(conditions)


def aggregate():
    return pick(
        ["count(*)", "count(i.v)", "max(i.v)", "sum(i.id)", "min(i.k)", "count(*) + 1", "coalesce(sum(i.v), -1)", "count(DISTINCT i.k)"]
        + ["max(i.v) - min(i.v)", "sort_array(collect_list(i.id))"]
    )


def rows():
    """FROM and WHERE of a subquery."""
    table = pick("tu")
    kinds = [
        (60, lambda: f"FROM {table} i WHERE {where('i')}"),
        (10, lambda: f"FROM (SELECT * FROM {table} y WHERE {where('y')}) i"),
        (10, lambda: f"FROM (SELECT id, k, v FROM t y WHERE {where('y')} UNION ALL SELECT id, k, v FROM u z WHERE {where('z')}) i"),
        (7, lambda: f"FROM (SELECT DISTINCT k, id, v FROM {table} y WHERE {where('y')}) i WHERE {own_condition('i')}"),
        (7, lambda: f"FROM t i JOIN u w ON i.id = w.id WHERE {where('i')} AND w.v IS NOT NULL"),
        (6, lambda: f"FROM (SELECT max(id) AS id, k, count(*) AS v FROM {table} y WHERE {where('y')} GROUP BY k) i"),
    ]
    return weighted(kinds)


def query():
    columns = "SELECT o.id, o.k, o.v"
    negated = pick(["", "NOT "])
    lateral = f"FROM t o {pick(['JOIN', 'LEFT JOIN'])} LATERAL"
    offset = pick(["", " OFFSET 1"])
    kinds = [
        (25, lambda: f"{columns}, (SELECT {aggregate()} {rows()}) AS x FROM t o"),
        (10, lambda: f"{columns} FROM t o WHERE o.v {comparison()} (SELECT {pick(['count(*)', 'max(i.v)', 'sum(i.id)'])} {rows()})"),
        (10, lambda: f"{columns} FROM t o WHERE {negated}EXISTS (SELECT 1 {rows()})"),
        (10, lambda: f"{columns}, EXISTS (SELECT 1 {rows()}) AS x FROM t o"),
        (10, lambda: f"{columns} FROM t o WHERE o.id {negated}IN (SELECT i.id {rows()})"),
        (7, lambda: f"{columns}, o.id {negated}IN (SELECT i.v {rows()}) AS x FROM t o"),
        (8, lambda: f"{columns}, x.* {lateral} (SELECT {aggregate()} AS x {rows()}) x"),
        (8, lambda: f"{columns}, x.* {lateral} (SELECT i.k, {aggregate()} AS x {rows()} GROUP BY i.k) x"),
        (6, lambda: f"{columns}, x.* {lateral} (SELECT i.id AS a, i.k AS b, i.v AS c, i.v + o.id AS d {rows()} ORDER BY a, b, c LIMIT 2{offset}) x"),
        (6, lambda: f"{columns}, x.* FROM t o, LATERAL (SELECT i.id AS a, row_number() OVER (PARTITION BY i.k ORDER BY i.id, i.v) AS r {rows()}) x"),
    ]
    return weighted(kinds)


random.seed(7)
count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
queries = []
while len(queries) < count:
    made = query()
    if made not in queries:
        queries.append(made)
lines = ["-- Written by random_subqueries.py.", *VIEWS, *queries, "DROP VIEW t", "DROP VIEW u"]
Path(__file__).with_name("sql_random_subqueries.txt").write_text("\n".join(lines) + "\n")
