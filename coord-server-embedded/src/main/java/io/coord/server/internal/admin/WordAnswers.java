package io.coord.server.internal.admin;

import io.coord.server.internal.metrics.MetricsSnapshot;
import io.coord.server.internal.pipeline.SessionActivity;
import io.coord.server.internal.runtime.OwnerQuestions;
import io.coord.server.internal.runtime.ServerVersion;
import io.coord.server.internal.transport.ConnectionInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is said to each word, line by line as ZooKeeper 3.9 says it. On the thread {@code coord-admin}. */
final class WordAnswers {
    /** The lists of {@code wchc}, {@code wchp}, {@code dump}, {@code cons} and {@code stat} end here. */
    static final int MOST_LISTED = 100_000;

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.US);

    private final OwnerQuestions owner;
    private final ServerInspection inspection;
    private final ServerFacts facts;
    /** What {@code stmk} has set. Nothing depends on it: levels of tracing are the logging's own business here. */
    private final AtomicLong traceMask;

    WordAnswers(OwnerQuestions owner, ServerInspection inspection, ServerFacts facts, AtomicLong traceMask) {
        this.owner = owner;
        this.inspection = inspection;
        this.facts = facts;
        this.traceMask = traceMask;
    }

    /**
     * @param argument of {@code stmk}
     * @throws Waiting.NoAnswerException when the owner thread does not answer
     */
    String answer(FourLetterWord word, long argument) {
        return switch (word) {
            case RUOK -> "imok";
            case GTMK -> Long.toString(traceMask.get());
            case STMK -> {
                traceMask.set(argument);
                yield Long.toString(argument);
            }
            case ENVI -> environment();
            case ISRO -> ask(inspection::isServing) ? "rw" : "null";
            case CONF, CONS, CRST, DIRS, DUMP, HASH, MNTR, SRST, SRVR, STAT, WCHC, WCHP, WCHS ->
                ask(inspection::isServing) ? whileServing(word) : ServerFigures.NOT_SERVING + '\n';
        };
    }

    private String whileServing(FourLetterWord word) {
        return switch (word) {
            case SRVR -> version() + figures();
            case STAT -> version() + "Clients:\n" + connections(true) + '\n' + figures();
            case CONS -> connections(false) + '\n';
            case MNTR -> monitor();
            case CONF -> configuration();
            case DIRS -> directories();
            case DUMP -> dump();
            case HASH -> digest();
            case WCHS -> watchSummary();
            case WCHC -> watches(false);
            case WCHP -> watches(true);
            case CRST -> {
                tell(inspection::resetConnections);
                yield "Connection stats reset.\n";
            }
            case SRST -> {
                tell(inspection::resetServer);
                yield "Server stats reset.\n";
            }
            case RUOK, GTMK, STMK, ENVI, ISRO -> throw new IllegalArgumentException("answered elsewhere: " + word);
        };
    }

    private <T> T ask(Supplier<T> question) {
        return Waiting.await(owner.ask(question));
    }

    private void tell(Runnable order) {
        ask(() -> {
            order.run();
            return true;
        });
    }

    private static String version() {
        return "Zookeeper version: " + ServerVersion.FULL + '\n';
    }

    private String figures() {
        ServerFigures figures = ask(inspection::figures);
        return "Latency min/avg/max: " + figures.minLatency() + '/' + figures.avgLatency() + '/' + figures.maxLatency()
                + "\nReceived: " + figures.received()
                + "\nSent: " + figures.sent()
                + "\nConnections: " + figures.connections()
                + "\nOutstanding: " + figures.outstanding()
                + "\nZxid: 0x" + Long.toHexString(figures.lastZxid())
                + "\nMode: " + figures.serverState()
                + "\nNode count: " + figures.znodes() + '\n';
    }

    private String connections(boolean brief) {
        Waiting.Excerpt<ConnectionInfo> listed = connections();
        StringBuilder text = new StringBuilder();
        for (ConnectionInfo each : listed.entries()) {
            append(each, brief, text);
        }
        return more(listed.omitted(), "connections", text);
    }

    private Waiting.Excerpt<ConnectionInfo> connections() {
        return Waiting.collect(owner, inspection::connections, MOST_LISTED);
    }

    private static void append(ConnectionInfo connection, boolean brief, StringBuilder text) {
        text.append(' ')
                .append(connection.remote())
                .append('[')
                .append(Integer.toHexString(connection.interestOps()))
                .append("](queued=")
                .append(connection.queued())
                .append(",recved=")
                .append(connection.received())
                .append(",sent=")
                .append(connection.sent());
        SessionActivity activity = connection.activity();
        if (!brief && activity != null) {
            text.append(",sid=0x").append(Long.toHexString(activity.sessionId()));
            text.append(",lop=").append(activity.lastOperation());
            text.append(",est=").append(connection.establishedMs());
            text.append(",to=").append(activity.timeoutMs());
            if (activity.lastXid() >= 0) {
                text.append(",lcxid=0x").append(Integer.toHexString(activity.lastXid()));
            }
            text.append(",lzxid=0x").append(Long.toHexString(activity.lastZxid()));
            text.append(",lresp=").append(activity.lastResponseMs());
            text.append(",llat=").append(activity.lastLatencyMs());
            text.append(",minlat=").append(activity.minLatencyMs());
            text.append(",avglat=").append(activity.avgLatencyMs());
            text.append(",maxlat=").append(activity.maxLatencyMs());
        }
        text.append(")\n");
    }

    private String monitor() {
        MetricsSnapshot metrics = MetricValues.withProcess(Waiting.await(MetricsQuestion.ask(owner, inspection)));
        String serverState = ask(inspection::figures).serverState();
        StringBuilder text = new StringBuilder();
        MetricValues.of(serverState, metrics)
                .forEach((name, value) -> text.append("zk_")
                        .append(name)
                        .append('\t')
                        .append(value)
                        .append('\n'));
        return text.toString();
    }

    private String configuration() {
        return "clientPort=" + facts.clientPort().getAsInt()
                + "\nsecureClientPort=" + facts.secureClientPort().getAsInt()
                + "\ndataDir=" + path(facts.dataDir())
                + "\ndataDirSize=" + DataDirectory.size(facts.dataDir())
                + "\ndataLogDir=" + path(facts.dataLogDir())
                + "\ndataLogSize=" + DataDirectory.size(facts.dataLogDir())
                + "\ntickTime=" + facts.tickTimeMs()
                + "\nmaxClientCnxns=" + facts.maxClientConnections()
                + "\nminSessionTimeout=" + facts.minSessionTimeoutMs()
                + "\nmaxSessionTimeout=" + facts.maxSessionTimeoutMs()
                + "\nclientPortListenBacklog=" + facts.listenBacklog()
                + "\nserverId=0\n";
    }

    static String path(@Nullable Path directory) {
        return directory == null ? "" : directory.toAbsolutePath().toString();
    }

    private String directories() {
        return "datadir_size: " + DataDirectory.size(facts.dataDir()) + "\nlogdir_size: "
                + DataDirectory.size(facts.dataLogDir()) + '\n';
    }

    private static String environment() {
        StringBuilder text = new StringBuilder("Environment:\n");
        ProcessEnvironment.environment()
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }

    private String digest() {
        ServerDigest digest = ServerDigest.of(owner, inspection::beginReview);
        return Long.toHexString(digest.zxid()) + ": " + Long.toUnsignedString(digest.value()) + '\n';
    }

    private String dump() {
        SessionDump dump = SessionDump.of(owner, inspection, MOST_LISTED);
        SortedMap<Long, List<Long>> expiry = dump.expiry().times();
        long now = dump.expiry().nowMs();
        StringBuilder text = new StringBuilder("SessionTracker dump:\nSession ");
        int sessions = expiry.values().stream().mapToInt(List::size).sum();
        appendSets(expiry.size(), sessions, text);
        expiry.forEach((time, ids) -> {
            appendExpiry(ids.size(), time - now, text);
            ids.forEach(id -> text.append("\t0x").append(Long.toHexString(id)).append('\n'));
        });
        text.append("ephemeral nodes dump:\nSessions with Ephemerals (")
                .append(dump.ephemerals().size())
                .append("):\n");
        dump.ephemerals().forEach((id, paths) -> {
            text.append("0x").append(Long.toHexString(id)).append(":\n");
            paths.forEach(path -> text.append('\t').append(path).append('\n'));
        });
        more(dump.omitted(), "ephemeral nodes", text);
        appendConnectionSets(dump.expiry(), text);
        return text.toString();
    }

    /** Connections expire with their sessions here; ZooKeeper watches over them apart. */
    private void appendConnectionSets(SessionDump.Expiry expiry, StringBuilder text) {
        Map<Long, Long> timeOf = new TreeMap<>();
        expiry.times().forEach((time, ids) -> ids.forEach(id -> timeOf.put(id, time)));
        SortedMap<Long, SortedSet<String>> sets = new TreeMap<>();
        Waiting.Excerpt<ConnectionInfo> listed = connections();
        for (ConnectionInfo each : listed.entries()) {
            SessionActivity activity = each.activity();
            long id = activity == null ? 0 : activity.sessionId();
            sets.computeIfAbsent(timeOf.getOrDefault(id, expiry.nowMs()), time -> new TreeSet<>())
                    .add("ip: " + each.remote() + " sessionId: 0x" + Long.toHexString(id));
        }
        text.append("Connections dump:\nConnections ");
        appendSets(sets.size(), listed.entries().size(), text);
        sets.forEach((time, lines) -> {
            appendExpiry(lines.size(), time - expiry.nowMs(), text);
            lines.forEach(line -> text.append('\t').append(line).append('\n'));
        });
        more(listed.omitted(), "connections", text);
    }

    private static void appendSets(int sets, int elements, StringBuilder text) {
        text.append("Sets (").append(sets).append(")/(").append(elements).append("):\n");
    }

    private static void appendExpiry(int count, long inMs, StringBuilder text) {
        text.append(count)
                .append(" expire at ")
                .append(DATE.format(ZonedDateTime.now(ZoneId.systemDefault()).plus(Duration.ofMillis(inMs))))
                .append(":\n");
    }

    private String watchSummary() {
        WatchSummary summary = ask(inspection::watchSummary);
        return summary.connections() + " connections watching " + summary.paths() + " paths\nTotal watches:"
                + summary.watches() + '\n';
    }

    private String watches(boolean byPath) {
        WatchTable table = WatchTable.of(owner, inspection, MOST_LISTED);
        StringBuilder text = new StringBuilder();
        if (byPath) {
            table.byPath().forEach((path, sessions) -> {
                text.append(path).append('\n');
                sessions.forEach(
                        id -> text.append("\t0x").append(Long.toHexString(id)).append('\n'));
            });
        } else {
            table.bySession().forEach((id, paths) -> {
                text.append("0x").append(Long.toHexString(id)).append('\n');
                paths.forEach(path -> text.append('\t').append(path).append('\n'));
            });
        }
        return more(table.omitted(), "watches", text) + '\n';
    }

    private static String more(int omitted, String what, StringBuilder text) {
        if (omitted > 0) {
            text.append("And ").append(omitted).append(" more ").append(what).append('\n');
        }
        return text.toString();
    }
}
