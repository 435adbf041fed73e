package io.coord.cli.command;

import io.coord.client.AclProvider;
import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import io.coord.client.error.AuthFailedException;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The client behind the shell: made when it is first needed, and anew when another server is asked for. One thread. */
public final class Connection implements AutoCloseable {
    /** {@code addauth}'s arguments; those of a user of SASL are {@code user:password}. */
    public record Credential(String scheme, byte[] auth) {
        boolean isSasl() {
            return scheme.equals("sasl");
        }
    }

    /**
     * How to connect.
     *
     * @param waiting whether {@code connect}, too, waits for its connection
     * @param security null for none
     */
    public record Settings(
            String servers,
            Duration sessionTimeout,
            Duration connectTimeout,
            Duration requestTimeout,
            boolean readOnly,
            boolean waiting,
            @Nullable Security security,
            List<Credential> credentials) {
        Settings withServers(String others) {
            return new Settings(
                    others, sessionTimeout, connectTimeout, requestTimeout, readOnly, waiting, security, credentials);
        }

        Settings withSecurity(@Nullable Security other) {
            return new Settings(
                    servers, sessionTimeout, connectTimeout, requestTimeout, readOnly, waiting, other, credentials);
        }

        Settings withCredentials(List<Credential> others) {
            return new Settings(
                    servers,
                    sessionTimeout,
                    connectTimeout,
                    requestTimeout,
                    readOnly,
                    waiting,
                    security,
                    List.copyOf(others));
        }
    }

    private Settings settings;
    private volatile @Nullable CoordClient client;
    private boolean wasConnected;
    private boolean closed;
    private volatile Consumer<SessionEvent> stateListener = event -> {};

    public Connection(Settings settings) {
        this.settings = settings;
    }

    public Settings settings() {
        return settings;
    }

    public SessionState state() {
        CoordClient present = client;
        return present == null ? SessionState.CLOSED : present.state();
    }

    /** Called on a callback thread whenever {@link #state} may have changed. */
    public void onStateChanged(Consumer<SessionEvent> listener) {
        this.stateListener = listener;
    }

    /** Starts to connect, without waiting. */
    public CoordClient start() {
        CoordClient present = client;
        if (present == null) {
            present = listenedTo(newClient(settings)).start();
            client = present;
        }
        return present;
    }

    /**
     * The client, once it is connected for the first time.
     *
     * @throws CommandFailedException when no server answers in time, or the connection was closed
     */
    CoordClient client() {
        if (closed) {
            throw new CommandFailedException(
                    ExitCode.CANNOT_CONNECT, "Not connected; \"connect host:port\" makes a connection", null);
        }
        CoordClient present = start();
        if (!wasConnected) {
            await(present, settings);
            wasConnected = true;
        }
        return present;
    }

    /** Another connection, for the caller to close. */
    static CoordClient open(Settings others) {
        CoordClient other = newClient(others).start();
        try {
            await(other, others);
        } catch (CommandFailedException e) {
            other.close(Duration.ZERO);
            throw e;
        }
        return other;
    }

    private static void await(CoordClient client, Settings settings) {
        if (client.blockUntilConnected(settings.connectTimeout())) {
            return;
        }
        String why;
        try {
            // What stands in the way is told by a call that waits in vain.
            client.checkExists().withTimeout(Duration.ofMillis(1)).forPath("/");
            return;
        } catch (AuthFailedException e) {
            throw new CommandFailedException(ExitCode.REFUSED, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            why = why(settings, String.valueOf(e.getMessage()));
        }
        throw new CommandFailedException(
                ExitCode.CANNOT_CONNECT,
                "Cannot connect to " + settings.servers() + " within "
                        + settings.connectTimeout().toMillis() + " ms: " + why,
                null);
    }

    /** What the message says in brackets, behind words about the call. */
    private static String why(Settings settings, String message) {
        String reason = message.replaceFirst("(?s).*? not sent within [^(]*\\((.*)\\)", "$1");
        boolean isHungUp = settings.security() == null && reason.endsWith("the server closed the connection");
        return isHungUp ? reason + " (does it look for a leader, or want --tls?)" : reason;
    }

    /** Leaves the present session and starts another one with these servers. */
    void connect(String servers) {
        Settings others = settings.withServers(servers);
        CoordClient next = newClient(others);
        close();
        settings = others;
        closed = false;
        client = listenedTo(next).start();
        if (settings.waiting()) {
            client();
        }
    }

    /**
     * One more identity for this connection and those to come.
     *
     * @throws AuthFailedException when the server does not take it; then there is a new session without it
     */
    void addCredential(Credential credential) {
        if (credential.isSasl()) {
            throw new CommandFailedException(
                    ExitCode.USAGE,
                    "SASL is shown when a connection begins: start the shell with --auth sasl:user:password",
                    null);
        }
        CoordClient present = client();
        present.addAuthorization(credential.scheme(), credential.auth());
        try {
            present.checkExists().forPath("/");
        } catch (AuthFailedException e) {
            connect(settings.servers());
            throw e;
        }
        List<Credential> all = new ArrayList<>(settings.credentials());
        all.add(credential);
        settings = settings.withCredentials(all);
    }

    /** Ends the session, and its ephemerals with it. */
    @Override
    public void close() {
        CoordClient present = client;
        client = null;
        wasConnected = false;
        closed = true;
        if (present != null) {
            present.close();
        }
    }

    private CoordClient listenedTo(CoordClient next) {
        next.addSessionListener(event -> stateListener.accept(event));
        return next;
    }

    private static CoordClient newClient(Settings settings) {
        CoordClientBuilder builder = CoordClient.builder()
                .connectString(settings.servers())
                .sessionTimeout(settings.sessionTimeout())
                .requestTimeout(settings.requestTimeout())
                .aclProvider(AclProvider.OPEN);
        if (settings.readOnly()) {
            builder.canBeReadOnly();
        }
        Security security = settings.security();
        if (security != null) {
            builder.tls(security.tls()).tlsHostnameVerification(security.verifyingHostname());
        }
        settings.credentials().forEach(each -> show(builder, each));
        return builder.build();
    }

    private static void show(CoordClientBuilder builder, Credential credential) {
        if (credential.isSasl()) {
            String auth = new String(credential.auth(), StandardCharsets.UTF_8);
            int colon = auth.indexOf(':');
            builder.saslUser(auth.substring(0, colon), auth.substring(colon + 1));
        } else {
            builder.authorization(credential.scheme(), credential.auth());
        }
    }
}
