"""Reads from a finished program which dispatch its loop really has: the topology certificate.

Compilers silently merge the dispatch sites of a threaded loop and split those of a switch, so the name of a strategy
proves nothing. From every entry of the dispatch table we walk the machine code of the final executable (direct jumps and
both arms of conditional ones; calls are stepped over) until indirect jumps stop us: those are the dispatch sites the
entry reaches. A site that no other entry reaches is the entry's own.

    certificate.py build/release/bin/krait-direct --strategy direct --output krait-direct.topology.json
    certificate.py build/release/bin/krait-direct --strategy direct --check

An adaptive form of the tail loop counts down and jumps straight to its generic instruction's handler: it hands over, and
is not asked for a site.

Topologies: `shared` (one site serves every entry), `own` (every entry that dispatches has a site of its own), `mixed`.
A switch must be shared; goto, direct and tail must be own. Entries that only ever leave by a cold path (they always
raise, or always return) have no site of their own and are listed by name.

For each hot handler the certificate also states its fast path, the shortest way from its entry to its dispatch site, and
over all ways between them that call nothing: how many instructions, and how many references to the native stack, which
must be zero, because a spilled pc or stack pointer costs more than any dispatch saves.
"""

import argparse
import bisect
import collections
import heapq
import json
import re
import struct
import subprocess
import sys

# The handlers that most executed instructions belong to; each must exist and keep its state in registers.
HOT = """LOAD_FAST STORE_FAST LOAD_CONST POP_TOP COPY SWAP BINARY_OP_ADD BINARY_OP_SUBTRACT BINARY_OP_MULTIPLY
BINARY_OP_TRUE_DIVIDE COMPARE_OP_LT COMPARE_OP_LE COMPARE_OP_EQ COMPARE_OP_NE COMPARE_OP_GT COMPARE_OP_GE
POP_JUMP_FORWARD_IF_FALSE POP_JUMP_FORWARD_IF_TRUE POP_JUMP_BACKWARD_IF_FALSE POP_JUMP_BACKWARD_IF_TRUE JUMP_FORWARD
JUMP_BACKWARD FOR_ITER BINARY_SUBSCR STORE_SUBSCR RETURN_VALUE RESUME LOAD_ATTR_INSTANCE_VALUE LOAD_ATTR_SLOT
LOAD_METHOD_CACHED LOAD_GLOBAL_MODULE LOAD_GLOBAL_NULL_MODULE STORE_ATTR_INSTANCE_VALUE STORE_ATTR_TRANSITION""".split()

EXPECTED = {"switch": "shared", "goto": "own", "direct": "own", "tail": "own"}
RUNS_ANOTHER = {"TRACE"}  # these run the instruction that they stand before, by whatever way it dispatches
COMMON = 0.2  # a site that more than this share of the entries reach is a cold path, not handlers merged
NO_RETURN = re.compile(r"<(abort|__assert_fail|_ZSt9terminatev|__stack_chk_fail|_Unwind_Resume|__cxa_\w+|_ZSt\d+__throw\w*"
                       r"|exit|_exit)(@\w+)?>")


class Program:
    """An ELF executable: symbols, and data words with their relocations applied."""

    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            self.raw = file.read()
        if self.raw[:6] != b"\x7fELF\x02\x01":
            sys.exit(f"{path}: not a 64-bit little-endian ELF file")
        offset, = struct.unpack_from("<Q", self.raw, 0x28)
        size, count = struct.unpack_from("<HH", self.raw, 0x3A)
        self.sections = [struct.unpack_from("<IIQQQQIIQQ", self.raw, offset + size * i) for i in range(count)]
        self.symbols, self.functions, self.relative = {}, [], {}
        for _, kind, _, _, at, length, link, _, _, entry in self.sections:
            if kind == 2:
                strings = self.sections[link][4]
                for position in range(at, at + length, entry):
                    name, info, _, index, value, extent = struct.unpack_from("<IBBHQQ", self.raw, position)
                    if index == 0:
                        continue
                    text = self.raw[strings + name:self.raw.index(b"\0", strings + name)].decode()
                    if info & 15 == 2:
                        self.functions.append((value, extent, text))
                    elif info & 15 == 1:
                        self.symbols[text] = (value, extent)
            elif kind == 4:
                for position in range(at, at + length, 24):
                    where, info, addend = struct.unpack_from("<QQq", self.raw, position)
                    if info & 0xFFFFFFFF == 8:  # R_X86_64_RELATIVE
                        self.relative[where] = addend
        self.functions = sorted(set(self.functions))

    def word(self, address):
        if address in self.relative:
            return self.relative[address]
        return struct.unpack_from("<Q", self.raw, self.position(address))[0]

    def position(self, address):
        for _, kind, _, base, at, length, _, _, _, _ in self.sections:
            if kind not in (0, 8) and base and base <= address < base + length:
                return at + address - base
        sys.exit(f"{self.path}: no data at {address:#x}")

    def table(self, *names):
        """The words of the array whose symbol contains a name (a function-local static has a mangled one)."""
        found = []
        for name in names:
            found = found or sorted({value for symbol, value in self.symbols.items() if name in symbol})
        if len(found) != 1:
            sys.exit(f"{self.path}: {len(found)} symbols are named {' or '.join(names)}")
        address, extent = found[0]
        return [self.word(address + 8 * i) for i in range(extent // 8)]

    def string(self, address):
        at = self.position(address)
        return self.raw[at:self.raw.index(b"\0", at)].decode()


class Code:
    """The machine code around the entries, disassembled on demand, as a graph of instructions."""

    def __init__(self, program):
        self.program, self.text, self.next, self.done = program, {}, {}, []
        self.handlers = frozenset()  # entries that are functions: a direct jump to one hands over to it

    def prepare(self, addresses):
        """Disassembles the functions that contain the addresses, in few runs of objdump."""
        ranges = []
        starts = self.program.functions
        keys = [f[0] for f in starts]
        for address in sorted(set(addresses)):
            i = bisect.bisect_right(keys, address) - 1
            while i >= 0 and starts[i][0] + starts[i][1] <= address and address - starts[i][0] < 1 << 20:
                i -= 1
            if i < 0 or not starts[i][0] <= address < starts[i][0] + starts[i][1]:
                continue
            low, high = starts[i][0], starts[i][0] + starts[i][1]
            if ranges and low - ranges[-1][1] < 1 << 16:
                ranges[-1][1] = max(high, ranges[-1][1])
            else:
                ranges.append([low, high])
        for low, high in ranges:
            if any(a <= low and high <= b for a, b in self.done):
                continue
            self.done.append((low, high))
            self.disassemble(low, high)

    def disassemble(self, low, high):
        output = subprocess.run(
            ["objdump", "-d", "--no-show-raw-insn", "-M", "intel", f"--start-address={low:#x}",
             f"--stop-address={high:#x}", self.program.path], capture_output=True, text=True, check=True).stdout
        before = None
        for line in output.splitlines():
            match = re.match(r"\s+([0-9a-f]+):\t(.*)", line)
            if not match:
                if line.endswith(">:") and before is not None and self.text[before].startswith("call"):
                    before = None  # a call at the end of a function does not return
                continue
            address = int(match[1], 16)
            self.text[address] = re.sub(r"^((notrack|bnd|data16|addr32|cs)\s+)+", "", match[2].split("#")[0].strip())
            if before is not None:
                self.next[before] = address
            before = address

    def instruction(self, address):
        if address not in self.text:
            self.prepare([address])
        return self.text.get(address)

    def is_site(self, text):
        """An indirect jump, but not one through the linkage table: that is a call as the last act."""
        return re.match(r"jmp\s+(QWORD|\[|r\w+\b)", text) is not None and "[rip" not in text

    def successors(self, address):
        text = self.instruction(address)
        if text is None or self.is_site(text) or re.match(r"(ret|ud2|hlt|int3|jmp\s+QWORD)", text) or NO_RETURN.search(text):
            return ()
        match = re.match(r"(j\w+)\s+([0-9a-f]+)\b", text)
        if match and match[1] == "jmp":
            return (int(match[2], 16),)
        after = self.next.get(address)
        return tuple(a for a in (int(match[2], 16) if match else None, after) if a is not None)

    def sites(self, entry):
        """The indirect jumps that stop a walk from the entry."""
        seen, todo, found = set(), [entry], set()
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen.add(address)
            text = self.instruction(address)
            if text and self.is_site(text):
                found.add(address)
            todo.extend(a for a in self.successors(address) if a not in self.handlers)
        return frozenset(found)

    def hands_over(self, entry):
        """Whether the entry jumps straight to another one: an adaptive form runs its generic instruction so."""
        seen, todo = set(), [entry]
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen.add(address)
            for after in self.successors(address):
                if after in self.handlers:
                    return True
                todo.append(after)
        return False

    def fast_path(self, entry, site):
        """Length of the shortest way without a call, and stack references on all such ways."""
        cost, before, queue = {entry: 1}, collections.defaultdict(set), [(1, entry)]
        while queue:
            length, address = heapq.heappop(queue)
            if length > cost[address] or address == site:
                continue
            text = self.instruction(address)
            if text is None or text.startswith("call"):
                continue
            for after in self.successors(address):
                before[after].add(address)
                if length + 1 < cost.get(after, 1 << 30):
                    cost[after] = length + 1
                    heapq.heappush(queue, (length + 1, after))
        if site not in cost:
            return None
        region, todo = set(), [site]
        while todo:
            address = todo.pop()
            if address not in region:
                region.add(address)
                todo.extend(before[address])
        stack = sum(1 for a in region if re.search(r"\[rsp|^(push|pop)\b", self.instruction(a)))
        return {"instructions": cost[site], "region": len(region), "stackReferences": stack}


def certify(path, strategy):
    program = Program(path)
    entries = program.table("kLabels", "kraitDispatchTable")
    names = [program.string(address) for address in program.table("kOpNames")]
    if len(names) < len(entries):
        sys.exit(f"{path}: {len(entries)} entries but {len(names)} names")
    code = Code(program)
    code.prepare(entries)
    if strategy == "tail":
        code.handlers = frozenset(entries)
    reach = {names[i]: code.sites(entry) for i, entry in enumerate(entries)}
    users = collections.Counter(site for sites in reach.values() for site in sites)
    commonest = users.most_common(1)[0] if users else (0, 0)
    own = {name: [s for s in sites if users[s] == 1] for name, sites in reach.items()}
    handing_over = sorted(names[i] for i, entry in enumerate(entries)
                          if names[i] in RUNS_ANOTHER or not own[names[i]] and code.hands_over(entry))
    without = sorted(name for name, sites in own.items() if not sites and name not in handing_over)
    merged = sorted(name for name in without if any(users[s] <= COMMON * len(entries) for s in reach[name]))
    dispatching = sum(1 for sites in reach.values() if sites)
    if len(users) == 1 and dispatching >= 0.9 * len(entries):
        topology = "shared"
    elif not merged and len(entries) - len(without) - len(handing_over) >= 0.75 * (len(entries) - len(handing_over)):
        topology = "own"
    else:
        topology = "mixed"
    by_name = dict(zip(names, entries))
    hot = {}
    for name in HOT:
        if name in by_name:
            paths = [code.fast_path(by_name[name], site) for site in own[name] or [commonest[0]]]
            hot[name] = min((path for path in paths if path), key=lambda path: path["instructions"], default=None)
    return {
        "strategy": strategy,
        "topology": topology,
        "entries": len(entries),
        "sites": len(users),
        "entriesWithOwnSite": len(entries) - len(without) - len(handing_over),
        "entriesHandingOver": handing_over,
        "entriesOnCommonestSite": commonest[1],
        "withoutOwnSite": without if topology != "shared" else [],
        "merged": merged if topology != "shared" else [],
        "hot": hot,
        "hotMissing": [name for name in HOT if name not in by_name],
    }


def faults(certificate):
    """What is wrong with the certificate, as sentences."""
    strategy = certificate["strategy"]
    if certificate["topology"] != EXPECTED[strategy]:
        yield (f"{strategy} should have {EXPECTED[strategy]} dispatch sites and has {certificate['topology']} ones: "
               f"{certificate['sites']} sites, {certificate['entriesWithOwnSite']} of {certificate['entries']} entries with "
               f"their own, merged: {certificate['merged'][:12]}")
    for name in certificate["hotMissing"]:
        yield f"the hot handler {name} does not exist"
    for name, path in certificate["hot"].items():
        if EXPECTED[strategy] == "own" and name in certificate["withoutOwnSite"]:
            yield f"{name} has no dispatch site of its own"
        elif path is None:
            yield f"{name} cannot reach its dispatch without a call"
        elif path["stackReferences"]:
            yield f"{name} refers to the native stack {path['stackReferences']} times"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--strategy", required=True, choices=sorted(EXPECTED))
    parser.add_argument("--output", help="write the certificate here")
    parser.add_argument("--check", action="store_true", help="fail unless the topology is what the strategy promises")
    args = parser.parse_args()
    certificate = certify(args.program, args.strategy)
    text = json.dumps(certificate, indent=1)
    if args.output:
        with open(args.output, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    elif not args.check:
        print(text)
    if args.check:
        wrong = list(faults(certificate))
        for fault in wrong:
            print(fault)
        summary = {key: certificate[key] for key in ("strategy", "topology", "entries", "sites", "entriesWithOwnSite")}
        print(json.dumps(summary))
        sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
