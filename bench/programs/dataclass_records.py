"""A small ledger of data classes: construction, comparison, ordering, hashing, `replace`, `asdict`, enumerations.

What programs do that keep their records in `dataclasses` and `enum`: generated `__init__`, `__eq__`, `__lt__`, frozen and
slotted variants, inheritance, default factories and `__post_init__`.
"""

import dataclasses
import enum
import sys
from dataclasses import dataclass, field


class Kind(enum.Enum):
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    TRANSFER = "transfer"


class Rights(enum.IntFlag):
    READ = 1
    WRITE = 2
    AUDIT = 4


@dataclass(frozen=True, order=True)
class Money:
    cents: int
    currency: str = "EUR"

    def __add__(self, other):
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} is not {other.currency}")
        return Money(self.cents + other.cents, self.currency)

    def __sub__(self, other):
        return self + Money(-other.cents, other.currency)


@dataclass(slots=True)
class Entry:
    number: int
    kind: Kind
    amount: Money
    note: str = ""
    tags: list = field(default_factory=list, compare=False)


@dataclass
class Account:
    owner: str
    balance: Money = Money(0)
    rights: Rights = Rights.READ
    entries: list = field(default_factory=list, repr=False)
    identity: str = field(init=False)

    def __post_init__(self):
        self.identity = f"{self.owner[:3].upper()}-{len(self.owner):03d}"

    def book(self, entry):
        if entry.kind is Kind.DEPOSIT:
            self.balance = self.balance + entry.amount
        else:
            self.balance = self.balance - entry.amount
        self.entries.append(entry)


@dataclass
class SavingsAccount(Account):
    rate: float = 0.02

    def add_interest(self, number):
        interest = Money(int(self.balance.cents * self.rate))
        self.book(Entry(number, Kind.DEPOSIT, interest, "interest", ["automatic"]))


@dataclass(frozen=True)
class Position:
    row: int
    column: int

    def neighbours(self):
        return [dataclasses.replace(self, row=self.row + step) for step in (-1, 1)] + [
            dataclasses.replace(self, column=self.column + step) for step in (-1, 1)]


def run_ledger(rounds):
    accounts = [Account("alice", rights=Rights.READ | Rights.WRITE), Account("bob"), SavingsAccount("carol", rate=0.03)]
    state = 17
    number = 0
    for _ in range(rounds):
        for account in accounts:
            state = (state * 75 + 74) % 65537
            number += 1
            kind = Kind.DEPOSIT if state % 3 else Kind.WITHDRAWAL
            entry = Entry(number, kind, Money(state % 5000), note=f"entry {number}")
            if state % 11 == 0:
                entry.tags.append("large")
            account.book(entry)
            if Rights.WRITE in account.rights and state % 13 == 0:
                account.book(Entry(number, Kind.TRANSFER, Money(100), tags=["fee"]))
        if number % 300 == 0:
            accounts[2].add_interest(number)
    return accounts


def find_duplicates(accounts):
    """Entries that are equal but for their tags."""
    count = 0
    for account in accounts:
        for first, second in zip(account.entries, account.entries[1:]):
            if first == second:
                count += 1
            elif first.amount > second.amount:
                count += 2
    return count


def flood(size):
    """Breadth-first search over frozen, hashable positions."""
    start = Position(0, 0)
    distance = {start: 0}
    frontier = [start]
    for position in frontier:
        if distance[position] == size:
            continue
        for neighbour in position.neighbours():
            if neighbour not in distance:
                distance[neighbour] = distance[position] + 1
                frontier.append(neighbour)
    return len(distance)


def main(rounds):
    accounts = run_ledger(rounds)
    for account in accounts:
        print(account)
    print("entries:", sum(len(account.entries) for account in accounts))
    print("duplicates:", find_duplicates(accounts))
    amounts = sorted(entry.amount for account in accounts for entry in account.entries)
    print("median:", amounts[len(amounts) // 2], "different:", len(set(amounts)))
    print("last:", dataclasses.asdict(accounts[0].entries[-1]))
    print("as dictionaries:", sum(len(dataclasses.asdict(account)["entries"]) for account in accounts))
    print("reached:", flood(max(4, min(40, rounds // 60))))
    try:
        accounts[0].balance.cents = 5
    except dataclasses.FrozenInstanceError as error:
        print("frozen:", error)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
