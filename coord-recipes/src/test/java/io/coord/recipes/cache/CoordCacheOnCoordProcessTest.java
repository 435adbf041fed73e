package io.coord.recipes.cache;

import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.TestServer;

class CoordCacheOnCoordProcessTest extends CoordCacheContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
