"""Programs made by rule: every file here is a topic whose `programs()` yields names and sources, the same ones each time."""

import random

SHOW = '''def show(make):
    try:
        print(repr(make()))
    except Exception as error:
        print(type(error).__name__ + ":", error)
'''


def shown(expressions):
    """A program that prints what each expression gives, or the exception it raises."""
    return SHOW + "".join(f"show(lambda: ({expression}))\n" for expression in expressions)


def chunks(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]


def dice(topic):
    """A generator of random numbers of the topic's own."""
    return random.Random(f"kindling {topic}")
