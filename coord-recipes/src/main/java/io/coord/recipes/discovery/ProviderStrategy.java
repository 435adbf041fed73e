package io.coord.recipes.discovery;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;

/**
 * Which instance of a service is called next. Asked from any thread, several at once; a strategy belongs to one provider.
 *
 * <pre>{@code
 * ServiceDirectory<Payload> directory =
 *         ServiceDirectory.ofAll(client, "/services", InstanceSerializer.of(Payload.class)).start();
 * ProviderStrategy<Payload> byCapacity = ProviderStrategy.weighted(instance -> instance.payload().capacity());
 * ServiceProvider<Payload> shops = ServiceProvider.builder(directory, "shop").strategy(byCapacity).build();
 * }</pre>
 *
 * @param <T> the payload
 */
@FunctionalInterface
public interface ProviderStrategy<T> {
    /**
     * @param candidates in the order of their ids, without those that are down, disabled or filtered out; may be empty
     * @return one of them; empty when there is none to choose
     */
    Optional<ServiceInstance<T>> choose(List<ServiceInstance<T>> candidates);

    /** One after the other. */
    static <T> ProviderStrategy<T> roundRobin() {
        AtomicInteger next = new AtomicInteger();
        return candidates -> candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(candidates.get(Math.floorMod(next.getAndIncrement(), candidates.size())));
    }

    /** Any. */
    static <T> ProviderStrategy<T> random() {
        return candidates -> candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(candidates.get(ThreadLocalRandom.current().nextInt(candidates.size())));
    }

    /** Always the same, until it is no candidate any more; then the other strategy chooses the next. */
    static <T> ProviderStrategy<T> sticky(ProviderStrategy<T> chooser) {
        AtomicReference<String> chosenId = new AtomicReference<>("");
        return candidates -> {
            String id = chosenId.get();
            for (ServiceInstance<T> each : candidates) {
                if (each.id().equals(id)) {
                    return Optional.of(each);
                }
            }
            Optional<ServiceInstance<T>> next = chooser.choose(candidates);
            next.ifPresent(instance -> chosenId.compareAndSet(id, instance.id()));
            return next;
        };
    }

    /**
     * At random, an instance of twice the weight twice as often.
     *
     * @param weight zero for an instance that is not to be called, unless all weigh nothing; below zero counts as zero
     */
    static <T> ProviderStrategy<T> weighted(ToIntFunction<? super ServiceInstance<T>> weight) {
        ProviderStrategy<T> equal = random();
        return candidates -> {
            long[] upTo = new long[candidates.size()];
            long total = 0;
            for (int i = 0; i < upTo.length; i++) {
                total += Math.max(0, weight.applyAsInt(candidates.get(i)));
                upTo[i] = total;
            }
            if (total == 0) {
                return equal.choose(candidates);
            }
            long point = ThreadLocalRandom.current().nextLong(total);
            int i = 0;
            while (upTo[i] <= point) {
                i++;
            }
            return Optional.of(candidates.get(i));
        };
    }
}
