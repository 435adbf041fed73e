package io.coord.verification.curator;

import io.coord.verification.server.RunsOn;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunsOn.ZooKeeper.class)
class CuratorOnZooKeeperCompatTest extends CuratorContract {}
