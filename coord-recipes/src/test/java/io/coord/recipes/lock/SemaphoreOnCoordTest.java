package io.coord.recipes.lock;

import io.coord.recipes.server.CoordTestServer;
import io.coord.recipes.server.TestServer;

class SemaphoreOnCoordTest extends SemaphoreContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }
}
