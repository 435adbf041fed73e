package io.coord.spring.config;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ApplicationContextEvent;

/**
 * Configuration on the servers changed, and the environment shows it already. Published on the thread "coord-config-refresh", never before
 * the context is ready, once for all changes that came within {@code coord.config.refresh.debounce} of each other. Listeners may block; later
 * changes wait for them.
 */
public final class CoordConfigChangedEvent extends ApplicationContextEvent {

    private static final long serialVersionUID = 1;

    private final SortedSet<String> changedKeys;

    CoordConfigChangedEvent(ApplicationContext source, Set<String> changedKeys) {
        super(source);
        this.changedKeys = Collections.unmodifiableSortedSet(new TreeSet<>(changedKeys));
    }

    /** Keys whose value in the environment is another one, came or went. Those that something of higher precedence hides are not among them. */
    public Set<String> changedKeys() {
        return changedKeys;
    }

    /** Keys and no values, which may be secrets. */
    @Override
    public String toString() {
        return "CoordConfigChangedEvent" + changedKeys;
    }
}
