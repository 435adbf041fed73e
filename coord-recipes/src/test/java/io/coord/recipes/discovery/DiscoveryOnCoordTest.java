package io.coord.recipes.discovery;

import io.coord.recipes.server.CoordTestServer;
import io.coord.recipes.server.TestServer;

class DiscoveryOnCoordTest extends DiscoveryContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }
}
