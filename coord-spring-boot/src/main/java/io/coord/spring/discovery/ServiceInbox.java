package io.coord.spring.discovery;

import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.spring.method.BeanMethod;
import io.coord.spring.method.ListenerThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells one method how what the directory holds differs from what the method knows. So nothing is told twice and nothing is missed,
 * whenever it begins, and a slow method is told less often.
 *
 * <p>What the method knows belongs to the listener's thread; an atomic flag says that it is to look again.
 */
final class ServiceInbox {

    private final ListenedService listened;
    private final BeanMethod method;
    private final ListenerThread thread;
    private final AtomicBoolean due = new AtomicBoolean();
    private final Map<Key, ServiceInstance<?>> known = new TreeMap<>();

    private record Key(String service, String id) implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            int byService = service.compareTo(other.service);
            return byService != 0 ? byService : id.compareTo(other.id);
        }
    }

    ServiceInbox(ListenedService listened, BeanMethod method, ListenerThread thread) {
        this.listened = listened;
        this.method = method;
        this.thread = thread;
    }

    /** The directory may hold something else now. Returns at once. */
    void look(ServiceDirectory<?> directory) {
        if (due.compareAndSet(false, true)) {
            thread.execute(() -> {
                due.set(false);
                compare(directory);
            });
        }
    }

    private void compare(ServiceDirectory<?> directory) {
        Map<Key, ServiceInstance<?>> present = present(directory);
        List<ServiceChange> changes = new ArrayList<>();
        known.forEach((key, instance) -> {
            if (!present.containsKey(key)) {
                changes.add(new ServiceChange(ServiceChange.Type.REMOVED, instance, instance));
            }
        });
        present.forEach((key, instance) -> {
            ServiceInstance<?> before = known.get(key);
            if (before == null) {
                changes.add(new ServiceChange(ServiceChange.Type.ADDED, instance, null));
            } else if (!before.equals(instance)) {
                changes.add(new ServiceChange(ServiceChange.Type.UPDATED, instance, before));
            }
        });
        known.clear();
        known.putAll(present);
        changes.removeIf(change -> !listened.types().contains(change.type()));
        if (changes.isEmpty()) {
            return;
        }
        switch (listened.takes()) {
            case NOTHING -> changes.forEach(change -> method.call());
            case CHANGE -> changes.forEach(method::call);
            case INSTANCES -> method.call(List.copyOf(present.values()));
        }
    }

    private Map<Key, ServiceInstance<?>> present(ServiceDirectory<?> directory) {
        Map<Key, ServiceInstance<?>> present = new TreeMap<>();
        Iterable<String> services = listened.service().isEmpty() ? directory.names() : List.of(listened.service());
        for (String service : services) {
            for (ServiceInstance<?> instance : directory.instances(service)) {
                present.put(new Key(service, instance.id()), instance);
            }
        }
        return present;
    }
}
