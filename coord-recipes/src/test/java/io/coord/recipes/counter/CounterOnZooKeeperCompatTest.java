package io.coord.recipes.counter;

import io.coord.recipes.server.TestServer;
import io.coord.recipes.server.ZooKeeperTestServer;

class CounterOnZooKeeperCompatTest extends CounterContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
