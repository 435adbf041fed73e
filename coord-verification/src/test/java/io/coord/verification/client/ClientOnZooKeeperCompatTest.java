package io.coord.verification.client;

import io.coord.verification.server.RunsOn;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunsOn.ZooKeeper.class)
class ClientOnZooKeeperCompatTest extends ClientContract {}
