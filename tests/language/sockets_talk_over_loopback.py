# Sockets: addresses, options, timeouts, messages, names, and conversations over loopback.
import _socket
import posix


def attempt(function, *arguments, **keywords):
    try:
        print(function.__name__, str(arguments)[:70], keywords, "->", function(*arguments, **keywords))
    except Exception as error:
        print(function.__name__, str(arguments)[:70], keywords, "!!", type(error).__name__, error)


for name in sorted(dir(_socket)):
    if isinstance(getattr(_socket, name), int):
        print(name, int(getattr(_socket, name)), end=" ")
print()
print(_socket.error, _socket.timeout, _socket.herror.__mro__, _socket.gaierror.__mro__, _socket.SocketType is _socket.socket)

server = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
server.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 1)
print(server.getsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR), server.getsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 4))
server.bind(("127.0.0.1", 0))
server.listen()
host, port = server.getsockname()
client = _socket.socket()
client.connect((host, port))
fd, peer = server._accept()
connection = _socket.socket(fileno=fd)
print(connection.family, connection.type, connection.proto, peer == client.getsockname(), connection.getpeername() == peer)
print(client.send(b"hello"), connection.recv(100), connection.sendall(b"x" * 50000))
received = 0
while received < 50000:
    received += len(client.recv(65536))
print(received)
buffer = bytearray(10)
client.send(b"abcdef")
print(connection.recv_into(buffer, 4), buffer, connection.recvfrom(10), connection.gettimeout())
client.settimeout(0.01)
attempt(client.recv, 1)
client.setblocking(False)
attempt(client.recv, 1)
print(client.gettimeout(), client.getblocking(), client.timeout)
client.settimeout(None)
connection.shutdown(_socket.SHUT_WR)
print(client.recv(10), client.detach() > 2, client.fileno())
connection.close()
print(connection, connection.fileno())
attempt(connection.recv, 1)

a, b = _socket.socketpair()
print(a.family, a.getsockname(), a.sendmsg([b"x", b"yz"]), b.recvmsg(10, 100))
reading, writing = posix.pipe()
descriptor = writing.to_bytes(4, "little")
print(a.sendmsg([b"fd"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, descriptor)]))
data, ancillary, flags, address = b.recvmsg(10, _socket.CMSG_SPACE(4))
passed = int.from_bytes(ancillary[0][2], "little")
posix.write(passed, b"through")
print(data, len(ancillary), ancillary[0][:2], flags, address, posix.read(reading, 10))
parts = [bytearray(2), bytearray(3)]
a.send(b"12345")
print(b.recvmsg_into(parts), parts)
u = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
u.bind(("", 0))
port = u.getsockname()[1]
print(u.sendto(b"one", ("127.0.0.1", port)), u.recvfrom(10)[0], u.sendto(b"two", 0, ("127.0.0.1", port)))
print(u.recvfrom_into(buffer)[0], buffer[:3])
named = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
named.bind("socket-file")
print(named.getsockname(), ascii(posix.listdir()))
abstract = _socket.socket(_socket.AF_UNIX)
abstract.bind(b"\0krait-test-%d" % posix.getpid())
print(abstract.getsockname()[:6])

s = _socket.socket()
for address in (5, ("x",), ("127.0.0.1", "x"), ("127.0.0.1", 70000), (5, 0), ("a\0b", 0), ("", 0, 1)):
    attempt(s.bind, address)
attempt(s.connect, 5)
attempt(s.getsockopt, 1)
attempt(s.getsockopt, 1, 2, 2000)
attempt(s.getsockopt, 1, 999)
attempt(s.setsockopt, 1, 2)
attempt(s.setsockopt, 1, 2, None)
attempt(s.setsockopt, 1, 2, "x")
attempt(s.settimeout, -1)
attempt(s.settimeout, "x")
attempt(s.settimeout, float("nan"))
for arguments in ((-1,), ("x",), ()):
    attempt(s.recv, *arguments)
attempt(s.send, "x")
attempt(s.sendto, b"x")
attempt(s.recv_into, b"x")
attempt(s.recv_into, bytearray(4), 8)
attempt(s.recvfrom_into, bytearray(2), 5)
attempt(s.recvmsg, -1)
attempt(s.recvmsg_into, 5)
attempt(s.recvmsg_into, [b"x"])
attempt(s.sendmsg, 5)
attempt(s.sendmsg, [b"x"], [(1, 2)])
attempt(s.getpeername)
attempt(_socket.socket, 99)
attempt(_socket.socket, fileno=-1)
attempt(_socket.socket, fileno="x")
for function in (_socket.htons, _socket.ntohs, _socket.htonl, _socket.ntohl):
    for number in (1, 70000, -1, 2**40, "x"):
        attempt(function, number)
for text in ("1.2.3.4", "x", 5):
    attempt(_socket.inet_aton, text)
attempt(_socket.inet_ntoa, b"abcd")
attempt(_socket.inet_ntoa, b"x")
attempt(_socket.inet_pton, _socket.AF_INET6, "::1")
attempt(_socket.inet_pton, _socket.AF_INET, "x")
attempt(_socket.inet_ntop, _socket.AF_INET6, b"x" * 16)
attempt(_socket.inet_ntop, _socket.AF_INET, b"x")
attempt(_socket.inet_ntop, 99, b"x")
attempt(_socket.getaddrinfo, "127.0.0.1", 80, 0, _socket.SOCK_STREAM)
attempt(_socket.getaddrinfo, "::1", 80, _socket.AF_INET6, _socket.SOCK_STREAM)
attempt(_socket.getaddrinfo, 5, 80)
attempt(_socket.getaddrinfo, "127.0.0.1", 1.5)
attempt(_socket.getnameinfo, ("127.0.0.1", 80), 3)
attempt(_socket.getnameinfo, 5, 0)
attempt(_socket.gethostbyname, "127.0.0.1")
attempt(_socket.gethostbyname, 5)
attempt(_socket.CMSG_LEN, 4)
attempt(_socket.CMSG_LEN, -1)
attempt(_socket.if_nametoindex, "nosuch")
attempt(_socket.if_nametoindex, "lo")
attempt(_socket.getservbyport, 70000)
attempt(_socket.setdefaulttimeout, -1)
_socket.setdefaulttimeout(1.5)
print(_socket.getdefaulttimeout(), _socket.socket().gettimeout())
_socket.setdefaulttimeout(None)


class Sub(_socket.socket):
    __slots__ = ["extra"]


sub = Sub()
sub.extra = 5
print(sub.extra, sub.family, isinstance(sub, _socket.socket))
posix.unlink("socket-file")
