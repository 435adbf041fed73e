package io.coord.recipes.lock;

import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.TestServer;

class LockOnCoordProcessTest extends LockContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
