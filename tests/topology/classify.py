"""Proves that the topology certificate tells shared, own and merged dispatch sites apart, and sees a spilled register."""

import argparse
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), "dispatch"))

import certificate  # noqa: E402  (its folder is known only now)

EXPECTED = {"SHARED": "shared", "OWN": "own", "MERGED": "mixed", "SPILL": "own"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", required=True)
    args = parser.parse_args()
    wrong = []
    for variant, topology in EXPECTED.items():
        with tempfile.TemporaryDirectory() as folder:
            program = os.path.join(folder, "sample")
            subprocess.run([args.compiler, "-std=gnu++20", "-O1", "-no-pie", "-fno-pie", f"-D{variant}",
                            os.path.join(HERE, "sample.cpp"), "-o", program], check=True)
            found = certificate.certify(program, "goto")
        if found["topology"] != topology:
            wrong.append(f"{variant}: called {found['topology']}, and is {topology}")
        if variant == "OWN" and found["withoutOwnSite"] != ["RAISE_ONE"]:
            wrong.append(f"OWN: {found['withoutOwnSite']} without a site of their own, and only RAISE_ONE is")
        if variant == "MERGED" and found["merged"] != ["LOAD_CONST", "POP_TOP"]:
            wrong.append(f"MERGED: {found['merged']} merged, and LOAD_CONST and POP_TOP are")
        spills = found["hot"]["LOAD_FAST"]["stackReferences"]
        if spills != (1 if variant == "SPILL" else 0):
            wrong.append(f"{variant}: {spills} stack references in LOAD_FAST")
        if variant == "OWN" and found["hot"]["COPY"]["instructions"] != 3:
            wrong.append(f"OWN: COPY's fast path has {found['hot']['COPY']['instructions']} instructions, and has 3")
    for fault in wrong:
        print(fault)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
