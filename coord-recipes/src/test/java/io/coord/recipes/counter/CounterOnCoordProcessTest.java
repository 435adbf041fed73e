package io.coord.recipes.counter;

import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.TestServer;

class CounterOnCoordProcessTest extends CounterContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
