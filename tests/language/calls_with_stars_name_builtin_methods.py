# What complains about f(*5) and f(**5) names a built-in method with its class, a function with its module.

import collections
import math

for function in ([].append, "".join, math.sin, print, collections.deque().append, str.upper, object().__eq__, int.from_bytes,
                 {}.get, (x for x in ()).send):
    for call in (lambda: function(*5), lambda: function(**5), lambda: function(1, **{"a": 1}, **{"a": 2})):
        try:
            call()
        except TypeError as error:
            print(error)
