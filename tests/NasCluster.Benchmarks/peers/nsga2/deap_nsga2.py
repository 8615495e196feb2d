#!/usr/bin/env python3
"""Hypervolumes of DEAP's NSGA-II on integer-coded ZDT1-3 and DTLZ2, the yardstick for NasCluster's own.

Debian's python3-deap is all it needs:  python3 deap_nsga2.py deap.json [problem ...]
Figures for problems not named are kept as the file has them.
"""
import array
import json
import math
import os
import random
import re
import statistics
import sys

import deap
from deap import base, creator, tools
from deap.tools._hypervolume import hv

STEPS = 1000            # variables are the integers 0..STEPS, read as value / STEPS
POPULATION = 100
EVALUATIONS = 20_000
SEEDS = range(1, 12)
CROSSOVER_ETA, CROSSOVER_PROBABILITY = 15.0, 0.9
MUTATION_ETA = 20.0     # at 1/n per gene
REFERENCE = 1.1         # per objective


def zdt_g(x):
    return 1 + 9 * sum(x[1:]) / (len(x) - 1)


def zdt1(x):
    g = zdt_g(x)
    return x[0], g * (1 - math.sqrt(x[0] / g))


def zdt2(x):
    g = zdt_g(x)
    return x[0], g * (1 - (x[0] / g) ** 2)


def zdt3(x):
    g = zdt_g(x)
    return x[0], g * (1 - math.sqrt(x[0] / g) - x[0] / g * math.sin(10 * math.pi * x[0]))


def dtlz2(x):
    r = 1 + sum((v - 0.5) ** 2 for v in x[2:])
    a, b = x[0] * math.pi / 2, x[1] * math.pi / 2
    return r * math.cos(a) * math.cos(b), r * math.cos(a) * math.sin(b), r * math.sin(a)


PROBLEMS = {"zdt1": (zdt1, 30, 2), "zdt2": (zdt2, 30, 2), "zdt3": (zdt3, 30, 2), "dtlz2": (dtlz2, 12, 3)}

INDIVIDUALS = {}
for count in (2, 3):
    creator.create(f"Fitness{count}", base.Fitness, weights=(-1.0,) * count)
    creator.create(f"Individual{count}", array.array, typecode="d", fitness=getattr(creator, f"Fitness{count}"))
    INDIVIDUALS[count] = getattr(creator, f"Individual{count}")


def round_all(*individuals):
    for individual in individuals:
        for i, value in enumerate(individual):
            individual[i] = float(min(STEPS, max(0, round(value))))


def run(name, seed):
    function, variables, objectives = PROBLEMS[name]
    random.seed(seed)
    individual_of = INDIVIDUALS[objectives]
    clone = base.Toolbox().clone

    def measure(individual):
        individual.fitness.values = function([v / STEPS for v in individual])

    population = [individual_of([float(random.randint(0, STEPS)) for _ in range(variables)]) for _ in range(POPULATION)]
    for individual in population:
        measure(individual)
    spent = POPULATION
    population = tools.selNSGA2(population, POPULATION)
    while spent < EVALUATIONS:
        children = [clone(p) for p in tools.selTournamentDCD(population, POPULATION)]
        for one, two in zip(children[::2], children[1::2]):
            if random.random() <= CROSSOVER_PROBABILITY:
                tools.cxSimulatedBinaryBounded(one, two, CROSSOVER_ETA, 0.0, float(STEPS))
                round_all(one, two)
            for child in (one, two):
                tools.mutPolynomialBounded(child, MUTATION_ETA, 0.0, float(STEPS), 1.0 / variables)
                round_all(child)
                measure(child)
                spent += 1
        population = tools.selNSGA2(population + children, POPULATION)

    front = tools.sortNondominated(population, POPULATION, first_front_only=True)[0]
    points = sorted({tuple(i.fitness.values) for i in front})
    inside = [p for p in points if all(v < REFERENCE for v in p)]
    return hv.hypervolume(inside, [REFERENCE] * objectives) if inside else 0.0, points


def main(path, names):
    results = {}
    if os.path.exists(path):
        with open(path) as file:
            results = json.load(file)
    results["implementation"] = f"DEAP {deap.__version__}"
    results["settings"] = {
        "steps": STEPS, "population": POPULATION, "evaluations": EVALUATIONS, "seeds": list(SEEDS),
        "crossoverEta": CROSSOVER_ETA, "crossoverProbability": CROSSOVER_PROBABILITY,
        "mutationEta": MUTATION_ETA, "mutationPerGene": "1/n", "reference": REFERENCE}
    results.setdefault("problems", {})
    for name in names or PROBLEMS:
        volumes, first = [], None
        for seed in SEEDS:
            volume, points = run(name, seed)
            volumes.append(volume)
            first = first or points
            print(name, seed, volume, flush=True)
        results["problems"][name] = {
            "median": statistics.median(volumes), "hypervolumes": volumes, "frontOfSeed1": first}
    results["problems"] = {name: results["problems"][name] for name in PROBLEMS if name in results["problems"]}
    text = json.dumps(results, indent=1)
    with open(path, "w") as file:  # with each innermost list on a line of its own
        file.write(re.sub(r"\[\s+([^\[\]]*?)\s+\]", lambda found: "[" + " ".join(found[1].split()) + "]", text) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
