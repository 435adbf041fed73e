package io.coord.recipes.node;

import io.coord.recipes.server.CoordTestServer;
import io.coord.recipes.server.TestServer;

class PersistentNodeOnCoordTest extends PersistentNodeContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }
}
