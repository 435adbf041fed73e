package io.coord.client.internal.tls;

import io.coord.protocol.tls.InvalidTlsMaterialException;
import io.coord.protocol.tls.TlsConfig;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys and certificates as they are at each attempt to connect. Thread-safe: {@link #look} holds a lock while it reads files, and
 * only ever runs on threads that may wait.
 */
final class CurrentTls {
    private static final Logger log = LoggerFactory.getLogger(CurrentTls.class);

    private final TlsConfig config;
    private @Nullable SSLContext context;
    /** Of what was tried last, whether it could be used or not. */
    private @Nullable Object version;

    CurrentTls(TlsConfig config) {
        this.config = config;
    }

    /**
     * Reads them again if they have changed. Fails with {@link InvalidTlsMaterialException} when they cannot be used and there
     * are none from before.
     */
    CompletableFuture<SSLContext> get() {
        return CompletableFuture.supplyAsync(this::look, TlsThreads.SHARED);
    }

    private synchronized SSLContext look() {
        Object now = config.source().version();
        SSLContext before = context;
        if (before != null && now.equals(version)) {
            return before;
        }
        version = now;
        try {
            SSLContext changed = config.source().load().toContext();
            config.requireSupported(changed);
            context = changed;
            if (before != null) {
                log.info("Keys and certificates have changed: new connections use them");
            }
            return changed;
        } catch (InvalidTlsMaterialException e) {
            if (before == null) {
                throw e;
            }
            log.warn("Keys and certificates have changed and cannot be used, those before stay: {}", e.getMessage());
            return before;
        }
    }
}
