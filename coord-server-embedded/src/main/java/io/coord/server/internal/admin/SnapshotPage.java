package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.OwnerQuestions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out a backup of all that the server holds: ZooKeeper's command {@code snapshot}, with our file in place of its own. It is
 * made in the directory for temporary files, one at a time, and for nobody but a super user: whoever has it has each znode and
 * each password's hash, whatever ACLs say.
 */
final class SnapshotPage implements HttpPage {
    static final Set<String> NAMES = Set.of("snapshot", "snap");

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotPage.class);
    private static final String GZIP = "application/gzip";

    private final SnapshotSource source;
    private final OwnerQuestions owner;
    private final ServerInspection inspection;
    private final AdminThread thread;
    private final AtomicBoolean isBusy = new AtomicBoolean();

    SnapshotPage(SnapshotSource source, OwnerQuestions owner, ServerInspection inspection, AdminThread thread) {
        this.source = source;
        this.owner = owner;
        this.inspection = inspection;
        this.thread = thread;
    }

    @Override
    public CompletableFuture<Answer> get(Query query) {
        Answer refusal = refusal(query);
        if (refusal != null) {
            return CompletableFuture.completedFuture(refusal);
        }
        if (!isBusy.compareAndSet(false, true)) {
            owner.tell(inspection::onSnapshotRefused);
            return CompletableFuture.completedFuture(
                    failed(Answer.TOO_MANY, "a snapshot is on its way to somebody already"));
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        if (!thread.offer(() -> save(answer))) {
            isBusy.set(false);
            answer.complete(failed(Answer.UNAVAILABLE, "too many operators' requests wait already"));
        }
        return answer;
    }

    private @Nullable Answer refusal(Query query) {
        String authorization = query.authorization();
        int blank = authorization == null ? -1 : authorization.indexOf(' ');
        if (authorization == null || blank < 0) {
            return failed(
                    Answer.UNAUTHORIZED, "a super user is needed, in a header: Authorization: digest user:password");
        }
        byte[] proof = authorization.substring(blank + 1).getBytes(StandardCharsets.UTF_8);
        if (!source.isSuper(authorization.substring(0, blank), proof)) {
            owner.tell(inspection::onAuthFailed);
            LOG.warn("Somebody has asked for a snapshot without being a super user");
            return failed(Answer.FORBIDDEN, "not a super user; DigestAuthenticationProvider.superDigest names one");
        }
        if (!source.isThere()) {
            return failed(Answer.NOT_IMPLEMENTED, "the server lives in memory: there are no files to save");
        }
        return query.parameters().getOrDefault("streaming", "true").equalsIgnoreCase("true")
                ? null
                : failed(Answer.NOT_IMPLEMENTED, "snapshots in the data directory are saved by the server itself");
    }

    private void save(CompletableFuture<Answer> answer) {
        try {
            Path target = Files.createTempDirectory("coord-snapshot").resolve("coord.tar.gz");
            source.save(target).whenComplete((zxid, failure) -> onSaved(target, zxid, failure, answer));
        } catch (IOException e) {
            giveUp(e, answer);
        }
    }

    private void onSaved(
            Path target, @Nullable Long zxid, @Nullable Throwable failure, CompletableFuture<Answer> answer) {
        if (zxid == null) {
            remove(target);
            giveUp(failure, answer);
            return;
        }
        try {
            SentFile file = new SentFile(target, () -> isBusy.set(false));
            String shown = "0x" + Long.toHexString(zxid);
            LOG.info("A snapshot up to zxid {}, {} bytes, goes to somebody who asked for it", shown, file.bytes());
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("last_zxid", shown);
            headers.put("snapshot_size", Long.toString(file.bytes()));
            headers.put("Content-Disposition", "attachment; filename=\"coord-" + shown + ".tar.gz\"");
            answer.complete(new Answer(Answer.OK, GZIP, "", file, headers));
        } catch (IOException e) {
            remove(target);
            giveUp(e, answer);
        }
    }

    private static void remove(Path target) {
        try {
            Files.deleteIfExists(target);
            Files.deleteIfExists(target.getParent());
        } catch (IOException e) {
            LOG.warn("{} stays behind", target, e);
        }
    }

    private void giveUp(@Nullable Throwable failure, CompletableFuture<Answer> answer) {
        isBusy.set(false);
        LOG.warn("No snapshot could be made for somebody who asked for it", failure);
        answer.complete(failed(Answer.FAILED, "no snapshot could be made: " + failure));
    }

    private static Answer failed(int status, String error) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("command", "snapshot");
        fields.put("error", error);
        return Answer.json(status, fields);
    }
}
