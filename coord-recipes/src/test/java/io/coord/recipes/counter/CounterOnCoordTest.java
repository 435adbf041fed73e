package io.coord.recipes.counter;

import io.coord.recipes.server.CoordTestServer;
import io.coord.recipes.server.TestServer;

class CounterOnCoordTest extends CounterContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }
}
