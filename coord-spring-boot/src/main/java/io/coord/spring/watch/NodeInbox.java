package io.coord.spring.watch;

import io.coord.client.spi.ValueCodec;
import io.coord.recipes.cache.CacheListener;
import io.coord.recipes.cache.CachedNode;
import io.coord.spring.method.BeanMethod;
import io.coord.spring.method.ListenerThread;
import io.coord.spring.method.MethodNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one method has not been told yet: for each node how it was when the method last heard of it, and how it is now. It holds no more
 * than there are nodes, however slow the method is.
 *
 * <p>Thread-safe: its map is guarded by its monitor. The client's callback thread fills it, the listener's thread empties it.
 */
final class NodeInbox implements CacheListener {

    private static final Logger logger = LoggerFactory.getLogger(NodeInbox.class);

    private final ListenedNode listened;
    private final BeanMethod method;
    private final ValueCodec<Object> codec;
    private final ListenerThread thread;
    private final Map<String, Pending> pending = new LinkedHashMap<>();

    private record Pending(
            @Nullable CachedNode before, @Nullable CachedNode after) {}

    NodeInbox(ListenedNode listened, BeanMethod method, ValueCodec<Object> codec, ListenerThread thread) {
        this.listened = listened;
        this.method = method;
        this.codec = codec;
        this.thread = thread;
    }

    @Override
    public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
        CachedNode either = after == null ? before : after;
        if (either == null) {
            return;
        }
        boolean idle;
        synchronized (this) {
            idle = pending.isEmpty();
            Pending known = pending.get(either.path());
            pending.put(either.path(), new Pending(known == null ? before : known.before(), after));
        }
        if (idle) {
            thread.execute(this::tell);
        }
    }

    private void tell() {
        List<Pending> taken;
        synchronized (this) {
            taken = new ArrayList<>(pending.values());
            pending.clear();
        }
        taken.forEach(each -> tell(each.before(), each.after()));
    }

    private void tell(@Nullable CachedNode before, @Nullable CachedNode after) {
        if (before != null
                && after != null
                && before.stat().czxid() != after.stat().czxid()) {
            tell(before, null);
            tell(null, after);
        } else if (after != null) {
            tell(before == null ? NodeChange.Type.CREATED : NodeChange.Type.CHANGED, after, before, after);
        } else if (before != null) {
            tell(NodeChange.Type.DELETED, before, before, null);
        }
    }

    private void tell(
            NodeChange.Type type, CachedNode subject, @Nullable CachedNode before, @Nullable CachedNode after) {
        if (!listened.types().contains(type)) {
            return;
        }
        if (listened.value() == null) {
            method.call();
            return;
        }
        Object value;
        try {
            value = value(after);
        } catch (RuntimeException e) {
            logger.warn(
                    "{} is not told of {}, whose data is no {}: {}",
                    MethodNames.describe(method.method()),
                    subject.path(),
                    listened.value(),
                    e.getMessage());
            return;
        }
        if (listened.wantsChange()) {
            method.call(new NodeChange<>(type, subject.path(), value, previous(before), subject.stat()));
        } else {
            method.call(value);
        }
    }

    private @Nullable Object value(@Nullable CachedNode node) {
        return node == null || node.data().length == 0 ? null : codec.decode(node.data());
    }

    private @Nullable Object previous(@Nullable CachedNode before) {
        try {
            return value(before);
        } catch (RuntimeException e) {
            logger.debug("What was before at {} is no {}", listened.path(), listened.value(), e);
            return null;
        }
    }
}
