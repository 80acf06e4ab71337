# _heapq, _bisect, _statistics and _typing: arguments right and wrong, results, and the words of the errors.
import _bisect as B
import _heapq as H
import _statistics as S
import _typing as T


def attempt(source):
    try:
        result = repr(eval(source, globals()))
        while " at 0x" in result:
            start = result.index(" at 0x")
            result = result[:start] + result[result.index(">", start):]
        print(source, "->", result)
    except BaseException as error:
        print(source, "raises", type(error).__name__, error)


class L(list):
    def insert(self, i, x):
        print("insert", i, x)
        super().insert(i, x)


SOURCES = """
H.heappush([],1)
H.heappush(1,1)
H.heappush([])
H.heappop([])
H.heappop(1)
H.heappop()
H.heapify((1,))
H.heapreplace([],1)
H.heappushpop([],1)
H.heappushpop([3],1)
H.heappushpop([1,2],3)
H._heappop_max([])
H._heapreplace_max([],1)
H.heapify(heap=[])
H.heappush([1],'a')
B.bisect_left()
B.bisect_left([1,2,3],2)
B.bisect_right([1,2,3],2)
B.bisect([1,2,3],2)
B.bisect_left([1,2,3],2,-1)
B.bisect_left([1,2,3],2,0,10)
B.bisect_left([1,2,3],2,'a')
B.bisect_left([1,2,3],2,1,None)
B.bisect_left([1,2,3],2,lo=1,hi=2)
B.bisect_left([1,2,3],'a')
B.bisect_left(1,2)
B.bisect_left([3,2,1],2,key=lambda x:-x)
B.bisect_left([1,2,3],2,0,3,None)
B.bisect_left(a=[1,2,3],x=2)
B.bisect_left([1,2,3],2,foo=2)
B.insort([1,2,3],2)
B.insort_left(L([1,2,3]),2)
B.insort_right((1,2),1)
B.insort([1],2,key=abs)
B.insort([1],2,-1)
B.bisect_left(range(10**6),500)
S._normal_dist_inv_cdf(0.3,1,2)
S._normal_dist_inv_cdf(0.5,0,1)
S._normal_dist_inv_cdf(0.0001,0,1)
S._normal_dist_inv_cdf(0.9999999,0,1)
S._normal_dist_inv_cdf(0,0,1)
S._normal_dist_inv_cdf(1,0,1)
S._normal_dist_inv_cdf(0.5,0,0)
S._normal_dist_inv_cdf(0.5,0)
S._normal_dist_inv_cdf('a',0,1)
S._normal_dist_inv_cdf(p=1,mu=0,sigma=1)
T._idfunc(4)
T._idfunc()
"""
for source in SOURCES.strip().splitlines():
    attempt(source)

state = 1


def random(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return state // 65536 % n


for make in (int, float, str, lambda x: (x, -x)):
    numbers = [make(random(500)) for _ in range(800)]
    heap = []
    for x in numbers:
        H.heappush(heap, x)
    assert all(heap[i] <= heap[j] for i in range(800) for j in (2 * i + 1, 2 * i + 2) if j < 800)
    assert [H.heappop(heap) for _ in range(800)] == sorted(numbers)
    heap = numbers[:]
    H.heapify(heap)
    print(heap[:10], H.heapreplace(heap, numbers[0]), H.heappushpop(heap, numbers[1]))
    heap = numbers[:]
    H._heapify_max(heap)
    print(heap[:5], H._heapreplace_max(heap, numbers[3]), [H._heappop_max(heap) for _ in range(5)])
    ordered = []
    for x in numbers:
        (B.insort_left if random(2) else B.insort_right)(ordered, x)
    assert ordered == sorted(numbers)
    print([(B.bisect_left(ordered, x), B.bisect_right(ordered, x)) for x in numbers[:8]])


class Shrinking:
    def __init__(self, heap):
        self.heap = heap

    def __lt__(self, other):
        self.heap.clear()
        return True


for use in (H.heapify, H.heappop, lambda heap: H.heapreplace(heap, Shrinking(heap))):
    heap = []
    heap += [Shrinking(heap) for _ in range(9)]
    try:
        print(type(use(heap)).__name__)
    except Exception as error:
        print(type(error).__name__, error)
