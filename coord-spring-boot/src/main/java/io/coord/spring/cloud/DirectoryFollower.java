package io.coord.spring.cloud;

import io.coord.client.session.Registration;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.discovery.ServiceListener;
import io.coord.spring.method.ListenerThread;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task after each change of the directory, on a thread of its own, so that the task may block. Changes that come while it runs lead
 * to one more run.
 *
 * <p>Thread-safe: an atomic flag says that a run is due.
 */
final class DirectoryFollower implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(DirectoryFollower.class);

    private final String name;
    private final Runnable task;
    private final Duration patience;
    private final ListenerThread thread;
    private final AtomicBoolean due = new AtomicBoolean();
    private final Registration registration;

    /**
     * @param name of the thread
     * @param patience how long the close waits for the task
     */
    DirectoryFollower(ServiceDirectory<?> directory, String name, Duration patience, Runnable task) {
        this.name = name;
        this.task = task;
        this.patience = patience;
        this.thread = new ListenerThread(name);
        this.registration = follow(directory);
    }

    private <T> Registration follow(ServiceDirectory<T> directory) {
        return directory.addListener(new ServiceListener<>() {
            @Override
            public void onAdded(ServiceInstance<T> instance) {
                changed();
            }

            @Override
            public void onRemoved(ServiceInstance<T> instance) {
                changed();
            }

            @Override
            public void onUpdated(ServiceInstance<T> before, ServiceInstance<T> after) {
                changed();
            }
        });
    }

    /** Has the task run as after a change. */
    void changed() {
        if (due.compareAndSet(false, true)) {
            thread.execute(() -> {
                due.set(false);
                try {
                    task.run();
                } catch (RuntimeException e) {
                    logger.warn("{}: somebody who was told of a change of services failed", name, e);
                }
            });
        }
    }

    /** Runs the task no more, and waits for the run that goes on. */
    @Override
    public void close() {
        registration.close();
        thread.stop(patience);
    }
}
