package io.coord.verification.ensemble.faults;

import io.coord.client.CoordClient;
import io.coord.protocol.data.CreateMode;
import io.coord.verification.ensemble.faults.Tally.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Clients create sequential znodes, each with data of its own: what was acknowledged is there under the name that was told, what
 * failed surely is not, and nothing is there twice.
 */
final class SequenceWork implements Work {
    private static final String PARENT = "/sequences";
    private static final int IN_ONE_PARENT = 500;
    private static final int CLIENTS = 2;

    private enum Fate {
        ACKNOWLEDGED,
        FAILED,
        UNKNOWN
    }

    private record Item(String parent, String data, Fate fate, String path) {}

    private final Tally tally = new Tally();
    private final List<List<Item>> items = List.of(new ArrayList<>(), new ArrayList<>());

    @Override
    public String name() {
        return "sequences";
    }

    @Override
    public int clients() {
        return CLIENTS;
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public void step(int number, CoordClient client) {
        List<Item> mine = items.get(number);
        // Both clients use the same parents.
        String parent = PARENT + "/p" + mine.size() / IN_ONE_PARENT;
        String data = number + "-" + mine.size();
        Outcome<String> outcome = tally.call(() -> client.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                .forPath(parent + "/n-", data.getBytes(StandardCharsets.UTF_8)));
        Fate fate = outcome.answer().isPresent() ? Fate.ACKNOWLEDGED : outcome.isUnknown() ? Fate.UNKNOWN : Fate.FAILED;
        mine.add(new Item(parent, data, fate, outcome.answer().orElse("")));
    }

    @Override
    public List<String> violations(CoordClient client) {
        Map<String, List<String>> paths = new HashMap<>();
        TreeSet<String> parents = new TreeSet<>();
        items.forEach(each -> each.forEach(item -> parents.add(item.parent())));
        for (String parent : parents) {
            if (client.checkExists().forPath(parent) != null) {
                for (String child : client.getChildren().forPath(parent)) {
                    String path = parent + "/" + child;
                    String data = new String(client.getData().forPath(path), StandardCharsets.UTF_8);
                    paths.computeIfAbsent(data, key -> new ArrayList<>()).add(path);
                }
            }
        }
        List<String> violations = new ArrayList<>();
        for (List<Item> mine : items) {
            for (Item item : mine) {
                List<String> found = paths.getOrDefault(item.data(), List.of());
                boolean right =
                        switch (item.fate()) {
                            case ACKNOWLEDGED -> found.equals(List.of(item.path()));
                            case FAILED -> found.isEmpty();
                            case UNKNOWN -> found.size() <= 1;
                        };
                if (!right) {
                    violations.add(item + " is there as " + found);
                }
            }
        }
        return violations;
    }
}
