package io.coord.recipes.barrier;

import io.coord.recipes.server.CoordTestServer;
import io.coord.recipes.server.TestServer;

class BarrierOnCoordTest extends BarrierContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }
}
