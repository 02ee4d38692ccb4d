# seconds: 240
# poll, select, epoll and asyncio of Python are woken by data and by room, learn that the modem is gone, and FIONREAD counts.
. /scenarios/nodes.sh

python() { PYTHONHOME=/usr python3 -B -I -S "$@"; }

cat > /tmp/echo.py << 'END'
import array, asyncio, errno, fcntl, os, select, sys, threading
path = sys.argv[1]
fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
poller = select.poll()
poller.register(fd, select.POLLIN)
assert poller.poll(0) == []

# A message arrives while poll, select and epoll wait.
epoll = select.epoll()
epoll.register(fd, select.EPOLLIN | select.EPOLLET)
for wait in (lambda: poller.poll(60000), lambda: select.select([fd], [], [], 60)[0], lambda: epoll.poll(60)):
    threading.Timer(0.2, os.write, (fd, b'abc')).start()
    assert len(wait()) == 1
    unread = array.array('i', [0])
    fcntl.ioctl(fd, 0x541b, unread)
    assert unread[0] == 3, unread
    assert os.read(fd, 2) == b'ab'
    fcntl.ioctl(fd, 0x541b, unread)
    assert unread[0] == 1, unread
    assert os.read(fd, 100) == b'c'
print('woken')

# Room comes back for a writer that waits for it.
sent = 0
try:
    while True:
        sent += os.write(fd, bytes(4096))
except BlockingIOError:
    pass
while True:
    # What is on its way through the modem still makes room.
    if not select.select([], [fd], [], 0.5)[1]:
        break
    try:
        sent += os.write(fd, bytes(4096))
    except BlockingIOError:
        pass
threading.Timer(0.2, os.read, (fd, 4096)).start()
assert select.select([], [fd], [], 60)[1] == [fd]
got = 4096
while got < sent:
    select.select([fd], [], [], 60)
    try:
        got += len(os.read(fd, 65536))
    except BlockingIOError:
        pass
assert got == sent, (got, sent)
print('room')

async def main():
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue()
    loop.add_reader(fd, lambda: queue.put_nowait(os.read(fd, 4096)))
    for i in range(100):
        os.write(fd, b'%d' % i)
        assert await asyncio.wait_for(queue.get(), 60) == b'%d' % i
asyncio.run(main())
print('asyncio')
END

cat > /tmp/restart.py << 'END'
import errno, os, select, sys
fd = os.open(sys.argv[1], os.O_RDWR)
poller = select.poll()
poller.register(fd, select.POLLIN)
print('waiting', flush=True)
[(ready, events)] = poller.poll(60000)
assert ready == fd and events & select.POLLERR and not events & (select.POLLIN | select.POLLOUT), events
for call in (lambda: os.read(fd, 1), lambda: os.write(fd, b'x')):
    try:
        call()
        assert False
    except OSError as e:
        # The second one when the farewell was over before Python came to it.
        assert e.errno in (errno.ENODEV, errno.ENOTCONN), e
print('gone')
END

serve
unless_over "Python did not end"
python /tmp/echo.py /dev/$ECHO_NODE > /tmp/python 2>&1 || fail "Python ended with status $?: $(cat /tmp/python)"
[ "$(cat /tmp/python | tr '\n' ' ')" = "woken room asyncio " ] || fail "Python printed: $(cat /tmp/python)"

python /tmp/restart.py /dev/$ECHO_NODE > /tmp/python 2>&1 &
watcher=$!
within 60 grep -q waiting /tmp/python || fail "Python did not come to poll: $(cat /tmp/python)"
at_open $AT_NODE
at AT+CFUN=1,1
at_close
wait $watcher || fail "Python ended with status $?: $(cat /tmp/python)"
grep -q gone /tmp/python || fail "Python printed: $(cat /tmp/python)"
within 60 grep -q 'The device is back' /tmp/nodes.err || fail "the modem did not come back: $(cat /tmp/nodes.err)"
echo_works $ECHO_NODE 4096
stop_serving
