"""Checks the laws that the statistics of the adaptive layer obey, on every program under every policy.

For each family of each run, exactly:
  executed = hit + miss + deferred + unspecialisable,  each of them the sum of its named reasons;
  executed = the canonical instruction's count, which is read from co_code and knows nothing of forms;
  the percentages add up to 100.0;  attempts = successes + failures.
The canonical counts and the outputs are the same under every policy.

    conserve.py --krait build/release/bin/krait-tail-counts [--only NAME,NAME] [--policy P]...
"""

import argparse
import concurrent.futures
import decimal
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
POLICIES = os.path.join(HERE, "..", "tools", "policies.txt")


def run(krait, program, size, policy):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "statistics.json")
        command = [krait, "-X", "specialize=" + policy, "-X", "statistics=" + path, program, *([str(size)] if size else [])]
        environment = dict(os.environ, PYTHONHASHSEED="0")
        # In the folder: what a script writes next to itself goes with it.
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, cwd=folder)
        if done.returncode != 0 and size:
            return None, f"exit status {done.returncode}: {done.stderr[-400:]}"
        with open(path, encoding="utf-8") as file:
            return json.load(file), done.stdout


def broken_laws(statistics):
    """Every law that does not hold, as a sentence."""
    families = statistics["families"]
    for name, f in [*families.items(), ("total", statistics["total"])]:
        parts = {key: f[key] for key in ("hit", "miss", "deferred", "unspecialisable")}
        if min(parts.values()) < 0 or sum(parts.values()) != f["executed"]:
            yield f"{name}: executed {f['executed']}, but the outcomes are {parts}"
        for part, reasons in (
            ("miss", "miss_by"),
            ("deferred", "deferred_by"),
            ("unspecialisable", "unspecialisable_by"),
            ("failures", "failure_kinds"),
            ("deopts", "deopts_by"),
        ):
            if sum(f[reasons].values()) != f[part]:
                yield f"{name}: {part} {f[part]}, but its reasons are {f[reasons]}"
        if f["attempts"] != f["successes"] + f["failures"]:
            yield f"{name}: {f['attempts']} attempts, {f['successes']} successes, {f['failures']} failures"
        shares = sum(decimal.Decimal(text) for text in f["percent"].values())
        if shares != decimal.Decimal("100.0"):
            yield f"{name}: percentages add up to {shares}"
    for name, f in families.items():
        canonical = statistics["canonical"].get(name, 0)
        if f["executed"] != canonical:
            yield f"{name}: executed {f['executed']}, but co_code says {canonical}"
        by_op = sum(op["executed"] for op in statistics["ops"].values() if op["stands_for"] == name)
        if f["executed"] != by_op:
            yield f"{name}: executed {f['executed']}, but its ops {by_op}"
    for name, op in statistics["ops"].items():
        if "form_of" in op and op["hit"] + sum(op["miss_by"].values()) != op["executed"]:
            yield f"{name}: executed {op['executed']}, hit {op['hit']}, missed {op['miss_by']}"
    executed, dispatches = sum(op["executed"] for op in statistics["ops"].values()), statistics["dispatches"]
    if executed < dispatches or (executed != dispatches and "+super" not in statistics["policy"]):
        yield f"{executed} ops executed in {dispatches} dispatches"
    if sum(statistics["canonical"].values()) != statistics["canonical_instructions"]:
        yield "the canonical instructions do not add up"
    seen = sum(statistics.get("unspecialisable_operands", {}).values())
    if seen != statistics["total"]["unspecialisable"]:
        yield f"{statistics['total']['unspecialisable']} unspecialisable, {seen} by what attempts saw"
    spans = statistics["transitions"]["spans"]
    specialised = sum(span["specialised"] for span in spans)
    if specialised != statistics["total"]["successes"]:
        yield f"{specialised} transitions to a form, {statistics['total']['successes']} successes"


def check(krait, program, policies):
    """Failures, as (policy, sentence)."""
    path = os.path.join(ROOT, program["file"])
    reference = None
    for policy in policies:
        statistics, output = run(krait, path, program["small"], policy)
        if statistics is None:
            yield policy, output
            continue
        for sentence in broken_laws(statistics):
            yield policy, sentence
        if not program["small"]:
            continue
        seen = (output, statistics["canonical"])
        if reference is None:
            reference = seen
        elif seen != reference:
            yield policy, f"output or canonical counts differ from those under {policies[0]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--krait", required=True, help="an instrumented program")
    parser.add_argument("--only", default="", help="programs, by name")
    parser.add_argument("--scripts", nargs="*", default=[], help="scripts to run, too, such as tests/language/*.py")
    parser.add_argument("--policy", action="append", help="instead of all policies")
    options = parser.parse_args()
    options.krait = os.path.abspath(options.krait)
    with open(os.path.join(ROOT, "bench", "programs", "programs.json"), encoding="utf-8") as file:
        programs = json.load(file)
    for p in programs:
        p["file"] = os.path.join("bench", "programs", p["file"])
    for script in options.scripts:  # they may end as they like, and print what no two runs share
        programs.append({"name": os.path.basename(script), "file": os.path.relpath(script, ROOT), "small": None})
    if options.only:
        programs = [p for p in programs if p["name"] in options.only.split(",")]
    with open(POLICIES, encoding="utf-8") as file:
        listed = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    policies = options.policy or ["inline-cache", *listed]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(p["name"], pool.submit(lambda p=p: list(check(options.krait, p, policies)))) for p in programs]
        for name, job in jobs:
            for policy, sentence in job.result():
                failed += 1
                print(f"{name} under {policy}: {sentence}")
    print(f"{len(programs)} programs under {len(policies)} policies, {failed} broken laws")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
