package io.coord.recipes.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceProviderTest {
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private static ServiceInstance<String> instance(String id) {
        return ServiceInstance.<String>builder("shop")
                .id(id)
                .address("10.0.0.1")
                .registrationTimeUtc(1)
                .build();
    }

    private final List<ServiceInstance<String>> all = List.of(instance("a"), instance("b"), instance("c"));
    private long nowNs = Long.MAX_VALUE - 1_000;

    private static List<String> choose(
            ProviderStrategy<String> strategy, List<ServiceInstance<String>> candidates, int times) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            chosen.add(strategy.choose(candidates).orElseThrow().id());
        }
        return chosen;
    }

    @Test
    void roundRobinGivesEachItsTurn() {
        assertThat(choose(ProviderStrategy.roundRobin(), all, 6)).containsExactly("a", "b", "c", "a", "b", "c");
    }

    @Test
    void randomGivesAll() {
        assertThat(choose(ProviderStrategy.random(), all, 200)).contains("a", "b", "c");
    }

    @Test
    void stickyStaysUntilItsInstanceIsGone() {
        ProviderStrategy<String> sticky = ProviderStrategy.sticky(ProviderStrategy.roundRobin());

        assertThat(choose(sticky, all, 3)).containsExactly("a", "a", "a");
        assertThat(choose(sticky, all.subList(1, 3), 2)).containsExactly("c", "c");
        assertThat(choose(sticky, all, 1)).containsExactly("c");
    }

    @Test
    void weightsSayHowOften() {
        Map<String, Integer> weights = Map.of("a", 0, "b", 1, "c", 3);
        Map<String, Integer> count = new HashMap<>();
        choose(ProviderStrategy.weighted(each -> weights.get(each.id())), all, 4_000)
                .forEach(id -> count.merge(id, 1, Integer::sum));

        assertThat(count).containsOnlyKeys("b", "c");
        assertThat(count.get("c")).isBetween(2_700, 3_300);
        assertThat(choose(ProviderStrategy.weighted(each -> 0), all, 200)).contains("a", "b", "c");
    }

    @Test
    void noneChoosesNothingFromNothing() {
        List<ProviderStrategy<String>> strategies = List.of(
                ProviderStrategy.roundRobin(),
                ProviderStrategy.random(),
                ProviderStrategy.sticky(ProviderStrategy.random()),
                ProviderStrategy.weighted(each -> 1));

        assertThat(strategies).allMatch(strategy -> strategy.choose(List.of()).isEmpty());
    }

    @Test
    void anInstanceIsDownAfterTwoErrorsUntilTheWindowIsOver() {
        DownInstances down = new DownInstances(2, WINDOW, () -> nowNs);
        down.noteError(all.get(0));
        assertThat(down.isDown(all.get(0))).isFalse();
        nowNs += WINDOW.toNanos() - 1;
        down.noteError(all.get(0));
        assertThat(down.isDown(all.get(0))).isTrue();
        assertThat(down.isDown(all.get(1))).isFalse();
        nowNs += 1;

        assertThat(down.isDown(all.get(0))).isFalse();
    }

    @Test
    void anInstanceThatRegisteredAnewBeginsAnew() {
        DownInstances down = new DownInstances(1, WINDOW, () -> nowNs);
        down.noteError(all.get(0));

        assertThat(down.isDown(all.get(0).toBuilder().registrationTimeUtc(2).build()))
                .isFalse();
    }
}
