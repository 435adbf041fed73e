/*
 * CRUD, watches, a lock and reconnect with ZooKeeper's C client. usage: c_client host:port
 * Prints "RESTART" when the server is to be stopped and started again, and goes on when a line comes in on stdin.
 * cc -DTHREADED -o c_client c_client.c -lzookeeper_mt -lpthread
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zookeeper/zookeeper.h>

#define WAIT_SECONDS 30

static const char *hosts;
static int checks;

/* What a watcher has been told of last; one for each thing that is waited for. */
struct told {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int events;
    int type;
    int state;
};

#define TOLD {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 0}

static void check(int condition, const char *what) {
    __sync_fetch_and_add(&checks, 1);
    if (!condition) {
        fprintf(stderr, "FAILED: %s\n", what);
        exit(1);
    }
}

static void is(int expected, int actual, const char *what) {
    if (expected != actual) {
        fprintf(stderr, "%s: %s (%d) instead of %s (%d)\n", what, zerror(actual), actual, zerror(expected), expected);
    }
    check(expected == actual, what);
}

static void on_event(zhandle_t *zh, int type, int state, const char *path, void *context) {
    struct told *told = context;
    (void)zh;
    (void)path;
    if (told == NULL) {
        return;
    }
    pthread_mutex_lock(&told->mutex);
    told->events += type == ZOO_SESSION_EVENT ? 0 : 1;
    if (type != ZOO_SESSION_EVENT) {
        told->type = type;
    }
    told->state = state;
    pthread_cond_broadcast(&told->changed);
    pthread_mutex_unlock(&told->mutex);
}

/* Until the state is that, or, if it is 0, until so many events have come. */
static void await(struct told *told, int state, int events, const char *what) {
    struct timespec end;
    int timed_out = 0;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += WAIT_SECONDS;
    pthread_mutex_lock(&told->mutex);
    while (!timed_out && (state != 0 ? told->state != state : told->events < events)) {
        timed_out = pthread_cond_timedwait(&told->changed, &told->mutex, &end) != 0;
    }
    pthread_mutex_unlock(&told->mutex);
    check(!timed_out, what);
}

static zhandle_t *connect_client(struct told *told) {
    zhandle_t *zh = zookeeper_init(hosts, on_event, 6000, NULL, told, 0);
    check(zh != NULL, "zookeeper_init");
    await(told, ZOO_CONNECTED_STATE, 0, "connected");
    return zh;
}

static void crud(zhandle_t *zh) {
    char path[256], data[256];
    int length = sizeof data, i;
    struct Stat stat;
    struct String_vector children;
    is(ZOK, zoo_create(zh, "/c", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path), "create");
    is(ZOK, zoo_create(zh, "/c/a", "one", 3, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path), "create below");
    check(strcmp(path, "/c/a") == 0, "path");
    is(ZNODEEXISTS, zoo_create(zh, "/c/a", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path), "create again");
    is(ZOK, zoo_get(zh, "/c/a", 0, data, &length, &stat), "get");
    check(length == 3 && memcmp(data, "one", 3) == 0 && stat.version == 0 && stat.dataLength == 3, "data and stat");
    is(ZOK, zoo_set2(zh, "/c/a", "two", 3, 0, &stat), "set");
    check(stat.version == 1 && stat.mzxid > stat.czxid, "stat after set");
    is(ZBADVERSION, zoo_set(zh, "/c/a", "x", 1, 0), "set of an old version");
    for (i = 0; i < 3; i++) {
        is(ZOK, zoo_create(zh, "/c/s-", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_SEQUENCE, path, sizeof path), "sequential");
    }
    is(ZOK, zoo_create2_ttl(zh, "/c/ttl", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT_WITH_TTL, 600000, path,
                            sizeof path, &stat), "create with a time to live");
    is(ZOK, zoo_create(zh, "/c/container", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_CONTAINER, path, sizeof path), "container");
    is(ZOK, zoo_get_children(zh, "/c", 0, &children), "children");
    check(children.count == 6, "six children");
    deallocate_String_vector(&children);
    is(ZNOTEMPTY, zoo_delete(zh, "/c", -1), "delete of a parent");
    is(ZOK, zoo_delete(zh, "/c/a", 1), "delete");
    is(ZNONODE, zoo_exists(zh, "/c/a", 0, &stat), "gone");
}

static void transactions(zhandle_t *zh) {
    char path[256];
    struct Stat stat;
    zoo_op_t good[3], bad[2];
    zoo_op_result_t results[3];
    zoo_create_op_init(&good[0], "/c/t", "1", 1, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path);
    zoo_set_op_init(&good[1], "/c/t", "2", 1, 0, &stat);
    zoo_check_op_init(&good[2], "/c/t", 1);
    is(ZOK, zoo_multi(zh, 3, good, results), "multi");
    zoo_create_op_init(&bad[0], "/c/u", "1", 1, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path);
    zoo_check_op_init(&bad[1], "/c/t", 9);
    is(ZBADVERSION, zoo_multi(zh, 2, bad, results), "multi that fails");
    check(results[0].err == ZOK && results[1].err == ZBADVERSION, "results of a multi that fails");
    is(ZNONODE, zoo_exists(zh, "/c/u", 0, &stat), "nothing of it happened");
}

static void on_auth(int rc, const void *data) {
    struct told *told = (struct told *)data;
    pthread_mutex_lock(&told->mutex);
    told->state = rc == ZOK ? 1 : -1;
    pthread_cond_broadcast(&told->changed);
    pthread_mutex_unlock(&told->mutex);
}

static void acls(zhandle_t *zh) {
    struct told connected = TOLD, authenticated = TOLD, again = TOLD;
    char path[256], data[16];
    int length = sizeof data;
    zhandle_t *other = connect_client(&connected);
    is(ZOK, zoo_add_auth(zh, "digest", "user:password", 13, on_auth, &authenticated), "add_auth");
    await(&authenticated, 1, 0, "authenticated");
    is(ZOK, zoo_create(zh, "/c/secret", "s", 1, &ZOO_CREATOR_ALL_ACL, 0, path, sizeof path), "create with creator's ACL");
    is(ZNOAUTH, zoo_get(other, "/c/secret", 0, data, &length, NULL), "a stranger reads");
    is(ZOK, zoo_add_auth(other, "digest", "user:password", 13, on_auth, &again), "add_auth");
    await(&again, 1, 0, "authenticated");
    length = sizeof data;
    is(ZOK, zoo_get(other, "/c/secret", 0, data, &length, NULL), "after add_auth");
    zookeeper_close(other);
}

static void watches(zhandle_t *zh) {
    struct told changed = TOLD, children = TOLD, created = TOLD;
    char path[256], data[16];
    int length = sizeof data;
    struct Stat stat;
    struct String_vector names;
    is(ZOK, zoo_create(zh, "/c/w", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path), "create");
    is(ZOK, zoo_wget(zh, "/c/w", on_event, &changed, data, &length, &stat), "wget");
    is(ZOK, zoo_wget_children(zh, "/c/w", on_event, &children, &names), "wget_children");
    deallocate_String_vector(&names);
    is(ZNONODE, zoo_wexists(zh, "/c/w/x", on_event, &created, &stat), "wexists");
    is(ZOK, zoo_set(zh, "/c/w", "1", 1, -1), "set");
    is(ZOK, zoo_create(zh, "/c/w/x", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, path, sizeof path), "ephemeral");
    await(&changed, 0, 1, "data changed");
    await(&children, 0, 1, "children changed");
    await(&created, 0, 1, "created");
    check(changed.type == ZOO_CHANGED_EVENT && children.type == ZOO_CHILD_EVENT && created.type == ZOO_CREATED_EVENT,
          "types of events");
    is(ZOK, zoo_set(zh, "/c/w", "2", 1, -1), "set");
    is(ZOK, zoo_set(zh, "/c/w", "3", 1, -1), "set");
    check(changed.events == 1, "one-shot");
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int holders, turns;

/* The recipe by hand: the least sequential ephemeral holds, the others watch the one before. */
static void *contend(void *unused) {
    struct told connected = TOLD;
    zhandle_t *zh = connect_client(&connected);
    int round, i;
    (void)unused;
    for (round = 0; round < 10; round++) {
        char mine[256];
        is(ZOK, zoo_create(zh, "/c/lock/l-", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL | ZOO_SEQUENCE, mine, sizeof mine),
           "a place in the queue");
        for (;;) {
            struct String_vector names;
            struct told gone = TOLD;
            char before[300] = "", data[16];
            int length = sizeof data;
            is(ZOK, zoo_get_children(zh, "/c/lock", 0, &names), "the queue");
            qsort(names.data, (size_t)names.count, sizeof names.data[0], compare);
            for (i = 0; i < names.count && strcmp(names.data[i], mine + strlen("/c/lock/")) != 0; i++) {
                snprintf(before, sizeof before, "/c/lock/%s", names.data[i]);
            }
            check(i < names.count, "my place is in the queue");
            deallocate_String_vector(&names);
            if (before[0] == '\0') {
                break;
            }
            /* A get of a znode that is gone leaves no watch behind; else this thread stays until the event has come. */
            if (zoo_wget(zh, before, on_event, &gone, data, &length, NULL) == ZOK) {
                await(&gone, 0, 1, "the one before goes");
            }
        }
        check(__sync_add_and_fetch(&holders, 1) == 1, "one holder");
        __sync_fetch_and_add(&turns, 1);
        __sync_sub_and_fetch(&holders, 1);
        is(ZOK, zoo_delete(zh, mine, -1), "release");
    }
    zookeeper_close(zh);
    return NULL;
}

static void locks(zhandle_t *zh) {
    pthread_t threads[3];
    char path[256];
    int i;
    is(ZOK, zoo_create(zh, "/c/lock", "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path), "create");
    for (i = 0; i < 3; i++) {
        pthread_create(&threads[i], NULL, contend, NULL);
    }
    for (i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
    }
    check(turns == 30, "turns");
}

static void reconnect(void) {
    struct told connected = TOLD, others = TOLD, changed = TOLD;
    char path[256], data[16];
    int length = sizeof data;
    struct Stat stat;
    int64_t session;
    zhandle_t *zh = connect_client(&connected), *writer;
    session = zoo_client_id(zh)->client_id;
    is(ZOK, zoo_create(zh, "/c/alive", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, path, sizeof path), "ephemeral");
    is(ZOK, zoo_create(zh, "/c/data", "before", 6, &ZOO_OPEN_ACL_UNSAFE, 0, path, sizeof path), "create");
    is(ZOK, zoo_wget(zh, "/c/data", on_event, &changed, data, &length, &stat), "wget");
    puts("RESTART");
    fflush(stdout);
    check(fgets(path, sizeof path, stdin) != NULL, "restarted");
    await(&connected, ZOO_CONNECTED_STATE, 0, "connected again");
    writer = connect_client(&others);
    is(ZOK, zoo_set(writer, "/c/data", "after", 5, -1), "set by another");
    await(&changed, 0, 1, "the watch is armed again");
    check(zoo_client_id(zh)->client_id == session, "the same session");
    is(ZOK, zoo_exists(writer, "/c/alive", 0, &stat), "its ephemeral is there");
    check(stat.ephemeralOwner == session, "and is its own");
    zookeeper_close(zh);
    is(ZNONODE, zoo_exists(writer, "/c/alive", 0, &stat), "the ephemeral goes with its session");
    zookeeper_close(writer);
}

int main(int count, char **arguments) {
    struct told connected = TOLD;
    zhandle_t *zh;
    if (count != 2) {
        fprintf(stderr, "usage: %s host:port\n", arguments[0]);
        return 2;
    }
    hosts = arguments[1];
    zoo_set_debug_level((ZooLogLevel)0);
    zh = connect_client(&connected);
    crud(zh);
    transactions(zh);
    acls(zh);
    watches(zh);
    locks(zh);
    reconnect();
    zookeeper_close(zh);
    printf("C client: %d checks\n", checks);
    return 0;
}
