package io.coord.recipes.cache;

import io.coord.recipes.server.CoordTestServer;
import io.coord.recipes.server.TestServer;

class CoordCacheOnCoordTest extends CoordCacheContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }
}
