package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.OwnerQuestions;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The ports for HTTP and the thread {@code coord-admin-http}, which serves them both. Loaded only when there is one: its classes
 * need {@code netty-codec-http}.
 */
final class HttpAdmin {
    private static final long PAUSE_CHECK_MS = 500;

    private final OwnerQuestions owner;
    private final ServerInspection inspection;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("coord-admin-http", true), NioIoHandler.newFactory());
    private final @Nullable HttpListener admin;
    private final @Nullable HttpListener metrics;

    HttpAdmin(
            HttpSettings settings,
            OwnerQuestions owner,
            ServerInspection inspection,
            ServerFacts facts,
            AtomicLong traceMask,
            AdminThread thread,
            SnapshotSource snapshots) {
        this.owner = owner;
        this.inspection = inspection;
        HttpPage metricsPage = new MetricsPage(owner, inspection, settings.exportJvmInfo(), group)::get;
        CommandPages commands = new CommandPages(
                settings.commandPath(),
                ZooKeeperCommands.of(owner, inspection, facts, traceMask),
                owner,
                inspection,
                thread,
                new SnapshotPage(snapshots, owner, inspection, thread));
        HttpPage.Directory adminPages =
                new AdminPages(settings.commandPath(), commands, new HealthPages(owner, inspection), metricsPage);
        this.admin = open("The admin server", settings.admin(), settings.idleMs(), adminPages, settings.commandPath());
        this.metrics = open(
                "Metrics for Prometheus",
                settings.metrics(),
                settings.idleMs(),
                path -> path.equals(AdminPages.METRICS) ? metricsPage : null,
                null);
        watchPauses(System.nanoTime());
    }

    private @Nullable HttpListener open(
            String what,
            @Nullable InetSocketAddress address,
            long idleMs,
            HttpPage.Directory pages,
            @Nullable String commandPath) {
        return address == null ? null : HttpListener.open(what, address, idleMs, pages, commandPath, group);
    }

    /** -1 without one. */
    int adminPort() {
        return admin == null ? -1 : admin.port();
    }

    /** -1 without one. */
    int metricsPort() {
        return metrics == null ? -1 : metrics.port();
    }

    /** This thread has nothing long to do, so when it is woken too late the whole process was held up. */
    private void watchPauses(long beforeNanos) {
        group.schedule(
                () -> {
                    long now = System.nanoTime();
                    long lateMs = TimeUnit.NANOSECONDS.toMillis(now - beforeNanos) - PAUSE_CHECK_MS;
                    if (lateMs > 0) {
                        owner.tell(() -> inspection.onPause(lateMs));
                    }
                    watchPauses(now);
                },
                PAUSE_CHECK_MS,
                TimeUnit.MILLISECONDS);
    }

    /** Closes the ports and all connections. Does not wait. */
    void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
