package io.coord.recipes.workqueue;

import io.coord.recipes.server.CoordTestServer;
import io.coord.recipes.server.TestServer;

class WorkQueueOnCoordTest extends WorkQueueContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }
}
