// CRUD, watches, a lock and reconnect with node-zookeeper-client. usage: node node_client.js host:port
// Prints "RESTART" when the server is to be stopped and started again, and goes on when a line comes in on stdin.
'use strict';
const zookeeper = require('node-zookeeper-client');
const readline = require('readline');

const hosts = process.argv[2];
const WAIT_MS = 30000;
let checks = 0;

function check(condition, what) {
    checks++;
    if (!condition) {
        throw new Error(what);
    }
}

const call = (client, method, ...args) =>
    new Promise((resolve, reject) =>
        client[method](...args, (error, ...results) => (error ? reject(error) : resolve(results))));

async function refused(code, promise, what) {
    try {
        await promise;
    } catch (error) {
        check(error.getCode && error.getCode() === code, what + ': ' + error);
        return;
    }
    throw new Error('not refused: ' + what);
}

function within(promise, what) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error('not within ' + WAIT_MS + ' ms: ' + what)), WAIT_MS);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function soon(condition, what) {
    const end = Date.now() + WAIT_MS;
    while (!(await condition())) {
        if (Date.now() > end) {
            throw new Error('not within ' + WAIT_MS + ' ms: ' + what);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    check(true, what);
}

function connect() {
    const client = zookeeper.createClient(hosts, { sessionTimeout: 6000, spinDelay: 100, retries: 0 });
    const connected = new Promise((resolve) => client.once('connected', resolve));
    client.connect();
    return within(connected, 'connected').then(() => client);
}

const input = readline.createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();

async function restartServer() {
    console.log('RESTART');
    await lines.next();
}

async function crud(client) {
    await call(client, 'mkdirp', '/node/crud');
    const [path] = await call(client, 'create', '/node/crud/a', Buffer.from('one'));
    check(path === '/node/crud/a', 'path');
    await refused(zookeeper.Exception.NODE_EXISTS, call(client, 'create', '/node/crud/a', null), 'create again');
    const [data, stat] = await call(client, 'getData', '/node/crud/a');
    check(data.toString() === 'one' && stat.version === 0 && stat.dataLength === 3, 'data and stat');
    await call(client, 'setData', '/node/crud/a', Buffer.from('two'), 0);
    await refused(
        zookeeper.Exception.BAD_VERSION, call(client, 'setData', '/node/crud/a', Buffer.from('x'), 0), 'old version');
    const [sequential] = await call(
        client, 'create', '/node/crud/s-', null, zookeeper.CreateMode.PERSISTENT_SEQUENTIAL);
    check(/s-\d{10}$/.test(sequential), 'sequential name');
    const [children] = await call(client, 'getChildren', '/node/crud');
    check(children.length === 2, 'children');
    await refused(zookeeper.Exception.NOT_EMPTY, call(client, 'remove', '/node/crud', -1), 'remove of a parent');
    await call(client, 'remove', '/node/crud/a', 1);
    const [gone] = await call(client, 'exists', '/node/crud/a');
    check(!gone, 'gone');

    const done = client.transaction().create('/node/crud/t').setData('/node/crud/t', Buffer.from('1')).check('/node/crud/t', 1);
    const [results] = await call(done, 'commit');
    check(results.length === 3, 'transaction');
    const failing = client.transaction().create('/node/crud/u').check('/node/crud/t', 9);
    let failed = false;
    await call(failing, 'commit').catch(() => { failed = true; });
    const [never] = await call(client, 'exists', '/node/crud/u');
    check(failed && !never, 'a failed transaction leaves nothing');

    const acl = [new zookeeper.ACL(zookeeper.Permission.ALL, new zookeeper.Id('auth', ''))];
    client.addAuthInfo('digest', Buffer.from('user:password'));
    await call(client, 'create', '/node/crud/secret', Buffer.from('s'), acl);
    const other = await connect();
    await refused(zookeeper.Exception.NO_AUTH, call(other, 'getData', '/node/crud/secret'), 'a stranger reads');
    other.addAuthInfo('digest', Buffer.from('user:password'));
    const [secret] = await call(other, 'getData', '/node/crud/secret');
    check(secret.toString() === 's', 'after addAuthInfo');
    other.close();
}

async function watches(client) {
    await call(client, 'mkdirp', '/node/watched');
    const changed = new Promise((resolve) => client.getData('/node/watched', resolve, () => {}));
    const children = new Promise((resolve) => client.getChildren('/node/watched', resolve, () => {}));
    const created = new Promise((resolve) => client.exists('/node/watched/child', resolve, () => {}));
    await call(client, 'setData', '/node/watched', Buffer.from('1'));
    await call(client, 'create', '/node/watched/child', null);
    const events = await within(Promise.all([changed, children, created]), 'three events');
    check(events[0].getType() === zookeeper.Event.NODE_DATA_CHANGED, 'data changed');
    check(events[1].getType() === zookeeper.Event.NODE_CHILDREN_CHANGED, 'children changed');
    check(events[2].getType() === zookeeper.Event.NODE_CREATED, 'created');
}

/** The recipe by hand, for this client has none: the least sequential ephemeral holds, the others watch the one before. */
async function lock(client, parent) {
    const [mine] = await call(client, 'create', parent + '/lock-', null, zookeeper.CreateMode.EPHEMERAL_SEQUENTIAL);
    for (;;) {
        const [names] = await call(client, 'getChildren', parent);
        names.sort();
        const place = names.indexOf(mine.substring(parent.length + 1));
        if (place === 0) {
            return mine;
        }
        let fired;
        const event = new Promise((resolve) => { fired = resolve; });
        const [before] = await call(client, 'exists', parent + '/' + names[place - 1], fired);
        if (before) {
            await within(event, 'the one before goes');
        }
    }
}

async function locks() {
    const clients = await Promise.all([connect(), connect(), connect()]);
    await call(clients[0], 'mkdirp', '/node/lock');
    let holders = 0;
    let turns = 0;
    await Promise.all(clients.map(async (client) => {
        for (let i = 0; i < 10; i++) {
            const mine = await lock(client, '/node/lock');
            holders++;
            check(holders === 1, 'one holder');
            await new Promise((resolve) => setImmediate(resolve));
            turns++;
            holders--;
            await call(client, 'remove', mine, -1);
        }
    }));
    check(turns === 30, 'turns');
    clients.forEach((client) => client.close());
}

async function reconnect() {
    const client = await connect();
    await call(client, 'create', '/node/alive', null, zookeeper.CreateMode.EPHEMERAL);
    await call(client, 'create', '/node/data', Buffer.from('before'));
    const changed = new Promise((resolve) => client.getData('/node/data', resolve, () => {}));
    const session = client.getSessionId().toString('hex');
    const again = new Promise((resolve) => {
        client.once('disconnected', () => client.once('connected', resolve));
    });
    await restartServer();
    await within(again, 'connected again');
    check(client.getSessionId().toString('hex') === session, 'the same session');
    const [alive] = await call(client, 'exists', '/node/alive');
    check(alive, 'its ephemeral is there');
    const [data] = await call(client, 'getData', '/node/data');
    check(data.toString() === 'before', 'what was acknowledged is there');
    const writer = await connect();
    await call(writer, 'setData', '/node/data', Buffer.from('after'));
    await within(changed, 'the watch is armed again');
    client.close();
    await soon(async () => !(await call(writer, 'exists', '/node/alive'))[0], 'the ephemeral goes with its session');
    writer.close();
}

async function main() {
    const client = await connect();
    await crud(client);
    await watches(client);
    await locks();
    await reconnect();
    client.close();
    console.log('node-zookeeper-client: ' + checks + ' checks');
}

main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
});
