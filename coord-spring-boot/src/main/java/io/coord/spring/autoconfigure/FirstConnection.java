package io.coord.spring.autoconfigure;

import io.coord.client.CoordClient;
import io.coord.client.error.AuthFailedException;
import io.coord.protocol.data.Stat;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What the start of an application asks about its connection.
 *
 * @param key that the client's settings lie below, for messages
 */
record FirstConnection(String key, CoordClient client, CoordServers servers) {

    /**
     * A user of SASL that the servers refuse gets no connection, so a call that waits for one is asked for the reason.
     *
     * @return whether there is a connection
     */
    boolean await(Duration patience) {
        CompletableFuture<@Nullable Stat> waiting =
                client.usingNamespace("").checkExists().forPathAsync("/").toCompletableFuture();
        if (client.blockUntilConnected(patience)) {
            return true;
        }
        try {
            waiting.getNow(null);
        } catch (CompletionException e) {
            if (e.getCause() instanceof AuthFailedException refused) {
                throw refused(refused);
            }
        }
        return false;
    }

    AccessRefusedException refused(AuthFailedException cause) {
        return new AccessRefusedException(
                "The " + servers.phrase() + " refuse the credentials of this application: " + cause.getMessage(),
                "Correct '" + key
                        + ".auth': the scheme must be one that the servers know, such as 'digest', and a user of"
                        + " 'sasl' and its password one of theirs.",
                cause);
    }
}
