package io.coord.spring.guide;

import io.coord.client.CoordClient;
import org.springframework.beans.factory.annotation.Qualifier;

final class Clients {

    static final class Ledger {

        private final CoordClient client;
        private final CoordClient audit;

        Ledger(CoordClient client, @Qualifier("audit") CoordClient audit) {
            this.client = client;
            this.audit = audit;
        }

        @Override
        public String toString() {
            return client.state() + " and " + audit.state();
        }
    }
}
