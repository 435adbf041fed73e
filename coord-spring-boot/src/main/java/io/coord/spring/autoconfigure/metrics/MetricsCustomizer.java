package io.coord.spring.autoconfigure.metrics;

import io.coord.client.CoordClientBuilder;
import io.coord.client.spi.ClientMetrics;
import io.coord.spring.autoconfigure.EarlyClient;
import io.coord.spring.autoconfigure.EarlyClientCustomizer;
import java.util.function.Supplier;

/**
 * Has a client tell metrics, from the beginning or, where it was made before the context, from now on.
 *
 * @param metrics asked when there is a client
 */
record MetricsCustomizer(Supplier<ClientMetrics> metrics) implements EarlyClientCustomizer {

    @Override
    public void customize(CoordClientBuilder builder) {
        builder.metrics(metrics.get());
    }

    @Override
    public void customize(EarlyClient client) {
        client.recordTo(metrics.get());
    }
}
