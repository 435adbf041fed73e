package io.coord.recipes.lock;

import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.TestServer;

class MultiLockOnCoordProcessTest extends MultiLockContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
