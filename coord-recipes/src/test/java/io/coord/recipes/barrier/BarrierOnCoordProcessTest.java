package io.coord.recipes.barrier;

import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.TestServer;

class BarrierOnCoordProcessTest extends BarrierContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
