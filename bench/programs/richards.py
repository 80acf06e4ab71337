"""Simulates the kernel of a small operating system: tasks of fixed priority exchange packets through queues.

Martin Richards' BCPL benchmark (Cambridge, 1981), the standard test of polymorphic calls and attribute access.
"""

import sys

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
DEVICE_PACKET, WORK_PACKET = range(2)

IDLE_ROUNDS = 10000
DATA_SIZE = 4
EXPECTED_QUEUED = 23246
EXPECTED_HELD = 9297


class Packet:
    """A message; it names the task it is bound for, and after delivery the task it came from."""

    def __init__(self, link, owner, kind):
        self.link = link
        self.owner = owner
        self.kind = kind
        self.datum = 0
        self.data = [0] * DATA_SIZE

    def append_to(self, queue):
        """Put this packet at the end of `queue` and return the queue's new head."""
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task:
    """A task control block; subclasses say what the task does with a packet."""

    def __init__(self, kernel, identity, priority, queue, waiting=True):
        self.kernel = kernel
        self.identity = identity
        self.priority = priority
        self.queue = queue
        self.has_packet = queue is not None
        self.waiting = waiting
        self.held = False
        self.next = kernel.add(self)

    def is_blocked(self):
        return self.held or (self.waiting and not self.has_packet)

    def accept(self, packet, current):
        """Queue the packet; the result is the task that should run next."""
        if self.queue is None:
            self.queue = packet
            self.has_packet = True
            if self.priority > current.priority:
                return self
        else:
            packet.append_to(self.queue)
        return current

    def run(self):
        packet = None
        if self.waiting and self.has_packet:
            packet = self.queue
            self.queue = packet.link
            self.has_packet = self.queue is not None
            self.waiting = False
        return self.step(packet)

    def step(self, packet):
        raise NotImplementedError


class IdleTask(Task):
    """Wakes one of the two devices, picked by a shift register, until its rounds are used up."""

    def __init__(self, kernel):
        super().__init__(kernel, IDLE, 0, None, waiting=False)
        self.register = 1
        self.rounds = IDLE_ROUNDS

    def step(self, packet):
        self.rounds -= 1
        if self.rounds == 0:
            return self.kernel.hold()
        if self.register & 1:
            self.register = (self.register >> 1) ^ 0xD008
            return self.kernel.release(DEVICE_B)
        self.register >>= 1
        return self.kernel.release(DEVICE_A)


class WorkerTask(Task):
    """Fills work packets with letters and sends them to the handlers in turn."""

    def __init__(self, kernel, queue):
        super().__init__(kernel, WORKER, 1000, queue)
        self.destination = HANDLER_A
        self.letter = 0

    def step(self, packet):
        if packet is None:
            return self.kernel.wait()
        self.destination = HANDLER_B if self.destination == HANDLER_A else HANDLER_A
        packet.owner = self.destination
        packet.datum = 0
        for i in range(DATA_SIZE):
            self.letter = self.letter % 26 + 1
            packet.data[i] = self.letter
        return self.kernel.send(packet)


class HandlerTask(Task):
    """Passes the letters of its work packets, one by one, to its device."""

    def __init__(self, kernel, identity, priority, queue):
        super().__init__(kernel, identity, priority, queue)
        self.work = None
        self.device = None

    def step(self, packet):
        if packet is not None:
            if packet.kind == WORK_PACKET:
                self.work = packet.append_to(self.work)
            else:
                self.device = packet.append_to(self.device)
        work = self.work
        if work is not None:
            position = work.datum
            if position >= DATA_SIZE:
                self.work = work.link
                return self.kernel.send(work)
            device = self.device
            if device is not None:
                self.device = device.link
                device.datum = work.data[position]
                work.datum = position + 1
                return self.kernel.send(device)
        return self.kernel.wait()


class DeviceTask(Task):
    """Holds a packet until the idle task releases it, then sends it back."""

    def __init__(self, kernel, identity, priority):
        super().__init__(kernel, identity, priority, None)
        self.pending = None

    def step(self, packet):
        if packet is not None:
            self.pending = packet
            return self.kernel.hold()
        if self.pending is None:
            return self.kernel.wait()
        packet = self.pending
        self.pending = None
        return self.kernel.send(packet)


class Kernel:
    """The scheduler: a list of tasks in descending priority, and the operations a task may ask for."""

    def __init__(self):
        self.tasks = [None] * 6
        self.first = None
        self.current = None
        self.queued = 0
        self.held = 0

    def add(self, task):
        self.tasks[task.identity] = task
        follower = self.first
        self.first = task
        return follower

    def schedule(self):
        task = self.first
        while task is not None:
            if task.is_blocked():
                task = task.next
            else:
                self.current = task
                task = task.run()

    def hold(self):
        self.held += 1
        self.current.held = True
        return self.current.next

    def release(self, identity):
        task = self.tasks[identity]
        task.held = False
        return task if task.priority > self.current.priority else self.current

    def wait(self):
        self.current.waiting = True
        return self.current

    def send(self, packet):
        receiver = self.tasks[packet.owner]
        self.queued += 1
        packet.link = None
        packet.owner = self.current.identity
        return receiver.accept(packet, self.current)


def packets(count, owner, kind):
    queue = None
    for _ in range(count):
        queue = Packet(queue, owner, kind)
    return queue


def simulate():
    kernel = Kernel()
    IdleTask(kernel)
    WorkerTask(kernel, packets(2, WORKER, WORK_PACKET))
    HandlerTask(kernel, HANDLER_A, 2000, packets(3, DEVICE_A, DEVICE_PACKET))
    HandlerTask(kernel, HANDLER_B, 3000, packets(3, DEVICE_B, DEVICE_PACKET))
    DeviceTask(kernel, DEVICE_A, 4000)
    DeviceTask(kernel, DEVICE_B, 5000)
    kernel.schedule()
    return kernel.queued, kernel.held


def main(simulations):
    queued = held = 0
    for _ in range(simulations):
        result = simulate()
        if result != (EXPECTED_QUEUED, EXPECTED_HELD):
            raise RuntimeError(f"wrong counts: {result}")
        queued += result[0]
        held += result[1]
    print("simulations:", simulations)
    print("packets queued:", queued)
    print("tasks held:", held)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
