"""Solves one-way constraint systems incrementally: a long chain of equalities, and a fan of scale constraints.

The DeltaBlue algorithm of Freeman-Benson, Maloney and Borning ("An Incremental Constraint Solver", CACM 33(1), 1990).
"""

import sys

# Strengths, strongest first: a smaller number wins.
REQUIRED, STRONG_PREFERRED, PREFERRED, STRONG_DEFAULT, NORMAL, WEAK_DEFAULT, WEAKEST = range(7)


class Variable:
    """A value, the constraint that determines it now, and how strongly it is held by what is upstream."""

    def __init__(self, name, value=0):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.mark = 0
        self.walkabout_strength = WEAKEST
        self.stay = True


class Constraint:
    """A relation between variables that can be enforced by one of several methods."""

    def __init__(self, strength):
        self.strength = strength

    def activate(self, planner):
        self.add_to_graph()
        planner.add(self)

    def destroy(self, planner):
        if self.is_satisfied():
            planner.remove(self)
        else:
            self.remove_from_graph()

    def is_input(self):
        return False

    def satisfy(self, mark, planner):
        """Try to enforce this constraint; the result is the constraint it overrides, if any."""
        self.choose_method(mark)
        if not self.is_satisfied():
            if self.strength == REQUIRED:
                raise RuntimeError("a required constraint cannot be satisfied")
            return None
        self.mark_inputs(mark)
        target = self.output()
        overridden = target.determined_by
        if overridden is not None:
            overridden.mark_unsatisfied()
        target.determined_by = self
        if not planner.propagate(self, mark):
            raise RuntimeError("cycle of constraints")
        target.mark = mark
        return overridden


class UnaryConstraint(Constraint):
    """A constraint with one possible output and no input."""

    def __init__(self, variable, strength, planner):
        super().__init__(strength)
        self.variable = variable
        self.satisfied = False
        self.activate(planner)

    def add_to_graph(self):
        self.variable.constraints.append(self)
        self.satisfied = False

    def remove_from_graph(self):
        self.variable.constraints.remove(self)
        self.satisfied = False

    def choose_method(self, mark):
        variable = self.variable
        self.satisfied = variable.mark != mark and self.strength < variable.walkabout_strength

    def is_satisfied(self):
        return self.satisfied

    def mark_unsatisfied(self):
        self.satisfied = False

    def mark_inputs(self, mark):
        pass

    def inputs_known(self, mark):
        return True

    def output(self):
        return self.variable

    def recalculate(self):
        variable = self.variable
        variable.walkabout_strength = self.strength
        variable.stay = not self.is_input()
        if variable.stay:
            self.execute()

    def execute(self):
        pass


class StayConstraint(UnaryConstraint):
    """Keeps a variable as it is."""


class EditConstraint(UnaryConstraint):
    """Marks a variable that the client is about to change."""

    def is_input(self):
        return True


class BinaryConstraint(Constraint):
    """A constraint between two variables, either of which may be the output."""

    def __init__(self, first, second, strength, planner):
        super().__init__(strength)
        self.first = first
        self.second = second
        self.target = None
        self.activate(planner)

    def variables(self):
        return (self.first, self.second)

    def add_to_graph(self):
        for variable in self.variables():
            variable.constraints.append(self)
        self.target = None

    def remove_from_graph(self):
        for variable in self.variables():
            variable.constraints.remove(self)
        self.target = None

    def choose_method(self, mark):
        first, second = self.first, self.second
        self.target = None
        if first.mark == mark:
            if second.mark != mark and self.strength < second.walkabout_strength:
                self.target = second
        elif second.mark == mark:
            if self.strength < first.walkabout_strength:
                self.target = first
        elif first.walkabout_strength > second.walkabout_strength:
            if self.strength < first.walkabout_strength:
                self.target = first
        elif self.strength < second.walkabout_strength:
            self.target = second

    def is_satisfied(self):
        return self.target is not None

    def mark_unsatisfied(self):
        self.target = None

    def input(self):
        return self.first if self.target is self.second else self.second

    def output(self):
        return self.target

    def mark_inputs(self, mark):
        self.input().mark = mark

    def inputs_known(self, mark):
        source = self.input()
        return source.mark == mark or source.stay or source.determined_by is None

    def recalculate(self):
        source, target = self.input(), self.target
        target.walkabout_strength = max(self.strength, source.walkabout_strength)
        target.stay = source.stay
        if target.stay:
            self.execute()


class EqualityConstraint(BinaryConstraint):
    """Keeps two variables equal."""

    def execute(self):
        self.target.value = self.input().value


class ScaleConstraint(BinaryConstraint):
    """Keeps second == first * scale + offset; scale and offset are variables that are only read."""

    def __init__(self, source, scale, offset, target, strength, planner):
        self.scale = scale
        self.offset = offset
        super().__init__(source, target, strength, planner)

    def variables(self):
        return (self.first, self.second, self.scale, self.offset)

    def mark_inputs(self, mark):
        super().mark_inputs(mark)
        self.scale.mark = mark
        self.offset.mark = mark

    def execute(self):
        if self.target is self.second:
            self.second.value = self.first.value * self.scale.value + self.offset.value
        else:
            self.first.value = (self.second.value - self.offset.value) // self.scale.value

    def recalculate(self):
        source, target = self.input(), self.target
        target.walkabout_strength = max(self.strength, source.walkabout_strength)
        target.stay = source.stay and self.scale.stay and self.offset.stay
        if target.stay:
            self.execute()


class Planner:
    """Keeps the graph of satisfied constraints as constraints come and go, and extracts plans from it."""

    def __init__(self):
        self.mark = 0

    def new_mark(self):
        self.mark += 1
        return self.mark

    def add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(mark, self)
        while overridden is not None:
            overridden = overridden.satisfy(mark, self)

    def remove(self, constraint):
        target = constraint.output()
        constraint.mark_unsatisfied()
        constraint.remove_from_graph()
        unsatisfied = self.retract_downstream(target)
        for strength in range(REQUIRED, WEAKEST + 1):
            for candidate in unsatisfied:
                if candidate.strength == strength:
                    self.add(candidate)

    def retract_downstream(self, target):
        """Forget what the removed output determined; the result is what might now be satisfied."""
        target.determined_by = None
        target.walkabout_strength = WEAKEST
        target.stay = True
        unsatisfied = []
        pending = [target]
        while pending:
            variable = pending.pop()
            determining = variable.determined_by
            for constraint in variable.constraints:
                if not constraint.is_satisfied():
                    unsatisfied.append(constraint)
                elif constraint is not determining:
                    constraint.recalculate()
                    pending.append(constraint.output())
        return unsatisfied

    def propagate(self, constraint, mark):
        """Recompute strengths and values downstream; false when the constraint feeds itself."""
        pending = [constraint]
        while pending:
            current = pending.pop()
            target = current.output()
            if target.mark == mark:
                return False
            current.recalculate()
            self.push_consumers(target, pending)
        return True

    def push_consumers(self, variable, pending):
        determining = variable.determined_by
        for constraint in variable.constraints:
            if constraint is not determining and constraint.is_satisfied():
                pending.append(constraint)

    def plan_for(self, edits):
        """The order in which to execute constraints after the edited variables change."""
        mark = self.new_mark()
        plan = []
        pending = [edit for edit in edits if edit.is_input() and edit.is_satisfied()]
        while pending:
            constraint = pending.pop()
            target = constraint.output()
            if target.mark != mark and constraint.inputs_known(mark):
                plan.append(constraint)
                target.mark = mark
                self.push_consumers(target, pending)
        return plan


def change(planner, variable, value):
    edit = EditConstraint(variable, PREFERRED, planner)
    plan = planner.plan_for([edit])
    for _ in range(10):
        variable.value = value
        for constraint in plan:
            constraint.execute()
    edit.destroy(planner)


def chain_test(length):
    """A chain of equalities: the worst case for planning, the best one for executing the plan."""
    planner = Planner()
    variables = [Variable(f"v{i}") for i in range(length + 1)]
    for left, right in zip(variables, variables[1:]):
        EqualityConstraint(left, right, REQUIRED, planner)
    StayConstraint(variables[-1], STRONG_DEFAULT, planner)
    edit = EditConstraint(variables[0], PREFERRED, planner)
    plan = planner.plan_for([edit])
    total = 0
    for value in range(100):
        variables[0].value = value
        for constraint in plan:
            constraint.execute()
        if variables[-1].value != value:
            raise RuntimeError("chain: the last variable does not follow the first")
        total += variables[-1].value
    edit.destroy(planner)
    return total


def projection_test(count):
    """Many scale constraints that share their scale and offset, changed from each side in turn."""
    planner = Planner()
    scale = Variable("scale", 10)
    offset = Variable("offset", 1000)
    sources, targets = [], []
    for i in range(count):
        source = Variable(f"source{i}", i)
        target = Variable(f"target{i}", i)
        sources.append(source)
        targets.append(target)
        StayConstraint(source, NORMAL, planner)
        ScaleConstraint(source, scale, offset, target, REQUIRED, planner)
    source, target = sources[-1], targets[-1]
    change(planner, source, 17)
    if target.value != 1170:
        raise RuntimeError("projection: forward change failed")
    change(planner, target, 1050)
    if source.value != 5:
        raise RuntimeError("projection: backward change failed")
    change(planner, scale, 5)
    for i in range(count - 1):
        if targets[i].value != sources[i].value * 5 + 1000:
            raise RuntimeError("projection: change of scale failed")
    change(planner, offset, 2000)
    for i in range(count - 1):
        if targets[i].value != sources[i].value * 5 + 2000:
            raise RuntimeError("projection: change of offset failed")
    return sum(target.value for target in targets)


def main(size):
    chain = chain_test(size)
    projection = projection_test(size)
    print("size:", size)
    print("chain:", chain)
    print("projection:", projection)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50000)
