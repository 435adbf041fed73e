package io.coord.verification.contract;

import io.coord.verification.server.RunsOn;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on real ZooKeeper: what makes its expectations true. */
@ExtendWith(RunsOn.ZooKeeper.class)
class OnZooKeeperCompatTest {
    @Nested
    class StockClient extends StockClientContract {}

    @Nested
    class ErrorOrder extends ErrorOrderContract {}

    @Nested
    class Stats extends StatContract {}

    @Nested
    class Sequences extends SequenceContract {}

    @Nested
    class Multis extends MultiContract {}

    @Nested
    class MultiReads extends MultiReadContract {}

    @Nested
    class Ttls extends TtlContract {}

    @Nested
    class SessionReads extends SessionReadsContract {}

    @Nested
    class Watches extends WatchContract {}

    @Nested
    class SetWatches extends SetWatchesContract {}

    @Nested
    class Sessions extends SessionContract {}

    @Nested
    class Acls extends AclContract {}

    @Nested
    class Quotas extends QuotaContract {}

    @Nested
    class Standalone extends StandaloneContract {}

    @Nested
    class Order extends OrderContract {}

    @Nested
    class BadInput extends BadInputContract {}
}
