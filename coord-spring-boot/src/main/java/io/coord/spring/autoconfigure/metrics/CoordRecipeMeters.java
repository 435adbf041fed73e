package io.coord.spring.autoconfigure.metrics;

import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.leader.LeaderLatchListener;
import io.coord.recipes.leader.Leadership;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ListableBeanFactory;

/** Candidates, caches and directories that are beans. */
final class CoordRecipeMeters implements MeterBinder {

    private final ListableBeanFactory beans;

    CoordRecipeMeters(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        beans.getBeansOfType(LeaderLatch.class, false, true).values().forEach(latch -> bind(latch, registry));
        beans.getBeansOfType(CoordCache.class, false, true)
                .values()
                .forEach(cache -> Gauge.builder("coord.cache.size", cache, CoordCache::size)
                        .description("Nodes that the cache holds")
                        .tag("path", cache.path())
                        .register(registry));
        for (ServiceDirectory<?> directory :
                beans.getBeansOfType(ServiceDirectory.class, false, true).values()) {
            Gauge.builder("coord.discovery.instances", directory, it -> it.size())
                    .description("Instances of services that are known")
                    .register(registry);
        }
    }

    private static void bind(LeaderLatch latch, MeterRegistry registry) {
        Gauge.builder("coord.leader.status", latch, it -> it.isLeader() ? 1 : 0)
                .description("1 while this candidate is the leader")
                .tag("path", latch.path())
                .register(registry);
        Counter changes = Counter.builder("coord.leader.changes")
                .description("Times that this candidate became the leader or ceased to be it")
                .tag("path", latch.path())
                .register(registry);
        latch.addListener(new LeaderLatchListener() {
            @Override
            public void isLeader(Leadership leadership) {
                changes.increment();
            }

            @Override
            public void notLeader(Leadership leadership) {
                changes.increment();
            }
        });
    }
}
