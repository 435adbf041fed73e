package io.coord.spring.discovery;

import io.coord.client.session.Registration;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.spring.method.BeanMethod;
import io.coord.spring.method.ListenerThread;
import io.coord.spring.method.MethodNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The methods of this application that carry {@link ServiceListener}.
 *
 * <p>Thread-safe: its state is guarded by its monitor.
 */
public final class ServiceListeners {

    private final ServiceDirectory<?> directory;
    private final List<ServiceInbox> inboxes = new ArrayList<>();
    private final List<ListenerThread> threads = new ArrayList<>();
    private @Nullable Registration registration;
    private boolean started;
    private boolean stopped;

    /** @param directory that somebody else starts and closes */
    public ServiceListeners(ServiceDirectory<?> directory) {
        this.directory = directory;
    }

    synchronized void add(ListenedService listened, BeanMethod method) {
        if (stopped) {
            return;
        }
        ListenerThread thread = new ListenerThread("coord-listener-" + MethodNames.describe(method.method()));
        threads.add(thread);
        ServiceInbox inbox = new ServiceInbox(listened, method, thread);
        inboxes.add(inbox);
        if (started) {
            listen();
            inbox.look(directory);
        }
    }

    /** Begins to tell. Without effect when it was started or stopped before. */
    public synchronized void start() {
        if (!started && !stopped) {
            started = true;
            if (!inboxes.isEmpty()) {
                listen();
            }
            look();
        }
    }

    private void listen() {
        if (registration == null) {
            registration = listenTo(directory);
        }
    }

    private <T> Registration listenTo(ServiceDirectory<T> services) {
        return services.addListener(new io.coord.recipes.discovery.ServiceListener<>() {
            @Override
            public void onAdded(ServiceInstance<T> instance) {
                look();
            }

            @Override
            public void onRemoved(ServiceInstance<T> instance) {
                look();
            }

            @Override
            public void onUpdated(ServiceInstance<T> before, ServiceInstance<T> after) {
                look();
            }
        });
    }

    private synchronized void look() {
        if (!stopped) {
            inboxes.forEach(inbox -> inbox.look(directory));
        }
    }

    /**
     * Tells nothing more.
     *
     * @param patience how long to wait for each method that runs to return, before it is interrupted
     */
    public void stop(Duration patience) {
        List<ListenerThread> stopping;
        synchronized (this) {
            stopped = true;
            if (registration != null) {
                registration.close();
            }
            stopping = List.copyOf(threads);
        }
        stopping.forEach(each -> each.stop(patience));
    }
}
