package io.coord.spring.guide;

import io.coord.spring.config.CoordConfigChangedEvent;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/** Configuration that changes. */
public class Pool {

    private final Environment environment;
    private volatile Settings settings;

    public Pool(Environment environment) {
        this.environment = environment;
        this.settings = bound();
    }

    private Settings bound() {
        return Binder.get(environment).bindOrCreate("pool", Settings.class);
    }

    @EventListener
    void onChange(CoordConfigChangedEvent event) {
        Set<String> keys = event.changedKeys(); // and no values
        if (keys.contains("pool.size")) {
            settings = Binder.get(environment).bindOrCreate("pool", Settings.class);
        }
    }

    public int size() {
        return settings.size();
    }

    /** Below "pool". */
    public record Settings(int size) {}
}
