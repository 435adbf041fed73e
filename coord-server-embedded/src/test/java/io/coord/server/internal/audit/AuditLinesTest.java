package io.coord.server.internal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.server.internal.auth.AccessList;
import io.coord.server.internal.metrics.Counter;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.tree.TreeChange;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The lines of what seldom happens, and when the last one is written. */
@Timeout(30)
class AuditLinesTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(AuditWriter.LOGGER);
    private static final Session SESSION = new Session(0xabc, 1_000, new byte[Session.PASSWORD_BYTES], 1);
    private static final List<Id> IDS = List.of(new Id("ip", "10.0.0.1"));

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean held;
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (held) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            lines.add(event.getLevel() + " " + event.getFormattedMessage().replace('\t', ' '));
        }
    };

    private final AuditWriter writer = new AuditWriter(new Counter());
    private final AuditLog audit = new AuditLog(writer, "me");

    @BeforeEach
    void listen() {
        appender.setContext(LOGGER.getLoggerContext());
        appender.start();
        LOGGER.addAppender(appender);
        LOGGER.setAdditive(false);
        LOGGER.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        released.countDown();
        LOGGER.detachAppender(appender);
        LOGGER.setAdditive(true);
        LOGGER.setLevel(null);
    }

    private static DeleteRequest delete(String path) {
        return new DeleteRequest(path, -1);
    }

    private List<String> written() {
        writer.close().join();
        return List.copyOf(lines);
    }

    @Test
    void aWriteWhoseFateNobodyKnowsIsNeitherASuccessNorAFailure() {
        audit.onUnknownWrite(SESSION, IDS, delete("/a"));
        audit.onUnknownWrite(SESSION, IDS, new MultiRequest(List.of(delete("/a"), delete("/b"))));

        String by = "INFO session=0xabc user=10.0.0.1 ip=10.0.0.1 operation=";
        assertThat(written())
                .containsExactly(by + "delete znode=/a result=invoked", by + "multiOperation result=invoked");
    }

    @Test
    void aWriteThatTheLogDoesNotTakeHasFailed() {
        audit.onWrite(SESSION, IDS, delete("/a"), Answer.refusal(ErrorCode.THROTTLED_OP));
        audit.onWrite(SESSION, IDS, new MultiRequest(List.of(delete("/a"))), Answer.refusal(ErrorCode.THROTTLED_OP));

        String by = "ERROR session=0xabc user=10.0.0.1 ip=10.0.0.1 operation=";
        assertThat(written())
                .containsExactly(by + "delete znode=/a result=failure", by + "multiOperation result=failure");
    }

    @Test
    void eachEphemeralThatGoesWithItsSessionHasALine() {
        List<TreeChange> changes = IntStream.range(0, 3)
                .mapToObj(i -> new TreeChange(EventType.NODE_DELETED, "/e" + i, new AccessList(Acl.OPEN), null))
                .toList();
        audit.onSessionEnded(SESSION, changes);

        String by = "INFO session=0xabc user=me operation=ephemeralZNodeDeletionOnSessionCloseOrExpire znode=";
        assertThat(written())
                .containsExactly(by + "/e0 result=success", by + "/e1 result=success", by + "/e2 result=success");
    }

    @Test
    void whatWaitsAtTheEndIsWritten() {
        held = true;
        for (int i = 0; i < 10; i++) {
            audit.onWrite(SESSION, IDS, delete("/a" + i), Answer.DONE);
        }
        CompletableFuture<Void> end = writer.close();
        assertThat(end).isNotDone();
        released.countDown();
        end.join();
        assertThat(lines).hasSize(10);
    }
}
