package io.coord.recipes.leader;

import io.coord.recipes.server.CoordTestServer;
import io.coord.recipes.server.TestServer;

class LeaderSelectorOnCoordTest extends LeaderSelectorContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }
}
