"""CRUD, watches, locks and reconnect with kazoo, Python's client. usage: kazoo_client.py host:port

Prints "RESTART" when the server is to be stopped and started again, and goes on when a line comes in on stdin.
"""
import logging
import sys
import threading
import time

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import (
    BadVersionError, NoAuthError, NodeExistsError, NoNodeError, NotEmptyError, RolledBackError)
from kazoo.security import make_digest_acl

HOSTS = sys.argv[1]
WAIT = 30
checks = 0
logging.basicConfig(level=logging.CRITICAL)


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        raise AssertionError(what)


def soon(condition, what):
    end = time.monotonic() + WAIT
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("not within %d s: %s" % (WAIT, what))
        time.sleep(0.02)
    check(True, what)


def refused(error, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except error:
        check(True, "")
        return
    raise AssertionError("no %s from %s%s" % (error.__name__, call.__name__, args))


def client(**options):
    one = KazooClient(hosts=HOSTS, timeout=4.0, **options)
    one.start(timeout=WAIT)
    return one


def restart_server():
    print("RESTART", flush=True)
    sys.stdin.readline()


def crud(zk):
    zk.ensure_path("/kazoo/crud")
    check(zk.create("/kazoo/crud/a", b"one") == "/kazoo/crud/a", "path of the created znode")
    refused(NodeExistsError, zk.create, "/kazoo/crud/a")
    data, stat = zk.get("/kazoo/crud/a")
    check(data == b"one" and stat.version == 0 and stat.data_length == 3, "data and stat")
    stat = zk.set("/kazoo/crud/a", b"two", version=0)
    check(stat.version == 1 and stat.mzxid > stat.czxid, "version and mzxid after set")
    refused(BadVersionError, zk.set, "/kazoo/crud/a", b"x", version=0)
    names = [zk.create("/kazoo/crud/s-", sequence=True) for _ in range(3)]
    check([n[-10:] for n in names] == sorted(n[-10:] for n in names), "sequence grows")
    check(len(zk.get_children("/kazoo/crud")) == 4, "children")
    refused(NotEmptyError, zk.delete, "/kazoo/crud")
    zk.delete("/kazoo/crud/a", version=1)
    check(zk.exists("/kazoo/crud/a") is None, "gone")
    refused(NoNodeError, zk.get, "/kazoo/crud/a")
    zk.create("/kazoo/crud/big", b"x" * 500000)
    check(len(zk.get("/kazoo/crud/big")[0]) == 500000, "a large value")
    zk.create("/kazoo/crud/utf-\u00e4\u6f22", "\u6f22".encode())
    check(zk.get("/kazoo/crud/utf-\u00e4\u6f22")[0].decode() == "\u6f22", "a name beyond ASCII")
    parent = zk.create("/kazoo/crud/with/parents", makepath=True)
    check(zk.exists(parent) is not None, "parents made")
    zk.delete("/kazoo/crud", recursive=True)
    check(zk.exists("/kazoo/crud") is None, "deleted with all below")


def transactions(zk):
    zk.ensure_path("/kazoo/tx")
    good = zk.transaction()
    good.create("/kazoo/tx/a", b"1")
    good.set_data("/kazoo/tx/a", b"2")
    good.check("/kazoo/tx/a", 1)
    good.create("/kazoo/tx/b")
    good.delete("/kazoo/tx/b")
    results = good.commit()
    check(results[0] == "/kazoo/tx/a" and not any(isinstance(r, Exception) for r in results), "transaction done")
    bad = zk.transaction()
    bad.create("/kazoo/tx/c")
    bad.check("/kazoo/tx/a", 7)
    results = bad.commit()
    check(isinstance(results[0], RolledBackError) and isinstance(results[1], BadVersionError), "rolled back")
    check(zk.exists("/kazoo/tx/c") is None, "nothing of it happened")


def acls(zk):
    owner = client(auth_data=[("digest", "user:password")])
    other = client()
    owner.create("/kazoo/secret", b"s", acl=[make_digest_acl("user", "password", all=True)], makepath=True)
    check(owner.get("/kazoo/secret")[0] == b"s", "owner reads")
    refused(NoAuthError, other.get, "/kazoo/secret")
    other.add_auth("digest", "user:password")
    check(other.get("/kazoo/secret")[0] == b"s", "after add_auth another reads, too")
    owner.stop()
    other.stop()


def watches(zk):
    zk.ensure_path("/kazoo/watched")
    seen, lists, once = [], [], []
    zk.DataWatch("/kazoo/watched/d")(lambda data, stat: seen.append(data))
    zk.ChildrenWatch("/kazoo/watched")(lambda children: lists.append(sorted(children)))
    zk.create("/kazoo/watched/d", b"1")
    zk.set("/kazoo/watched/d", b"2")
    soon(lambda: seen and seen[-1] == b"2", "DataWatch sees the last value")
    soon(lambda: lists and lists[-1] == ["d"], "ChildrenWatch sees the child")
    zk.get("/kazoo/watched/d", watch=once.append)
    zk.set("/kazoo/watched/d", b"3")
    soon(lambda: len(once) == 1, "one-shot watch fires")
    zk.set("/kazoo/watched/d", b"4")
    zk.delete("/kazoo/watched/d")
    soon(lambda: seen[-1] is None, "DataWatch sees the deletion")
    check(len(once) == 1, "one-shot watch fires once")


def recipes(zk):
    clients = [client() for _ in range(4)]
    holders, counter, failures = [0], [0], []

    def work(one, who):
        lock = one.Lock("/kazoo/lock", who)
        for _ in range(10):
            with lock:
                holders[0] += 1
                if holders[0] != 1:
                    failures.append(holders[0])
                counter[0] += 1
                holders[0] -= 1

    threads = [threading.Thread(target=work, args=(c, "w%d" % i)) for i, c in enumerate(clients)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(WAIT)
    check(counter[0] == 40 and not failures, "one holder of the lock at a time, 40 turns")

    read = [c.ReadLock("/kazoo/rw") for c in clients[:2]]
    check(all(r.acquire(timeout=WAIT) for r in read), "two readers at once")
    write = clients[2].WriteLock("/kazoo/rw")
    check(not write.acquire(blocking=False), "no writer beside readers")
    for r in read:
        r.release()
    check(write.acquire(timeout=WAIT), "the writer after the readers")
    write.release()

    semaphores = [c.Semaphore("/kazoo/sem", max_leases=2) for c in clients[:3]]
    check(semaphores[0].acquire() and semaphores[1].acquire(), "two leases")
    check(not semaphores[2].acquire(blocking=False), "not a third")
    semaphores[0].release()
    check(semaphores[2].acquire(timeout=WAIT), "a third after a release")

    led = []
    first = clients[0].Election("/kazoo/election", "a")
    thread = threading.Thread(target=first.run, args=(lambda: led.append("a"),))
    thread.start()
    thread.join(WAIT)
    check(led == ["a"], "elected")

    number = clients[0].Counter("/kazoo/counter")
    other = clients[1].Counter("/kazoo/counter")
    for _ in range(5):
        number += 1
        other += 1
    check(number.value == 10, "counter")

    queue = clients[0].Queue("/kazoo/queue")
    for item in (b"1", b"2", b"3"):
        queue.put(item)
    check([queue.get() for _ in range(3)] == [b"1", b"2", b"3"], "queue in order")

    party = clients[1].Party("/kazoo/party", "me")
    party.join()
    soon(lambda: list(clients[2].Party("/kazoo/party")) == ["me"], "party")
    for c in clients:
        c.stop()
    soon(lambda: zk.get_children("/kazoo/party") == [], "ephemerals go with their session")


def reconnect():
    zk = client()
    states, changes = [], []
    zk.add_listener(states.append)
    zk.create("/kazoo/alive", ephemeral=True, makepath=True)
    zk.create("/kazoo/data", b"before")
    zk.DataWatch("/kazoo/data")(lambda data, stat: changes.append(data))
    session = zk.client_id[0]
    restart_server()
    soon(lambda: zk.connected, "connected again")
    check(zk.client_id[0] == session, "the same session")
    check(zk.exists("/kazoo/alive").owner_session_id == session, "its ephemeral is there")
    check(zk.get("/kazoo/data")[0] == b"before", "what was acknowledged is there")
    check(KazooState.SUSPENDED in states and KazooState.LOST not in states, "suspended, not lost: %s" % states)
    writer = client()
    writer.set("/kazoo/data", b"after")
    soon(lambda: changes[-1] == b"after", "the watch is armed again")
    writer.stop()
    zk.stop()
    zk.close()


zk = client()
crud(zk)
transactions(zk)
acls(zk)
watches(zk)
recipes(zk)
reconnect()
zk.stop()
print("kazoo: %d checks" % checks, flush=True)
