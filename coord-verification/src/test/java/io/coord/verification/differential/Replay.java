package io.coord.verification.differential;

import io.coord.verification.server.InProcessServer;
import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.proto.ConnectRequest;
import org.jspecify.annotations.Nullable;

/** Runs a script on one server and writes down all that its sessions are told. */
final class Replay implements AutoCloseable {
    private static final Pattern ZXID = Pattern.compile("<(\\??)(-?\\d+)>");

    private final InProcessServer server;
    private final int port;
    /** Has no part in the script. */
    private final RawSession observer;

    private final RawSession[] sessions = new RawSession[Script.SESSIONS];
    private final long[] lastZxidSeen = new long[Script.SESSIONS];
    private final boolean[] cut = new boolean[Script.SESSIONS];
    private final Map<Long, String> sessionNames = new HashMap<>();
    private final ReplyText text = new ReplyText(sessionNames);
    private final List<String> told = new ArrayList<>();
    private long firstZxid;

    private Replay(InProcessServer server) {
        this.server = server;
        this.port = server.port();
        this.observer = RawSession.open(port);
        for (int i = 0; i < Script.SESSIONS; i++) {
            open(i);
        }
    }

    /** What the sessions were told, step by step, with each zxid replaced by its rank among all that were seen. */
    static List<String> of(List<Step> script, String root, InProcessServer server) {
        try (Replay replay = new Replay(server)) {
            replay.firstZxid = replay.sessions[0]
                    .ok(Operation.create(root, null, Operation.PERSISTENT))
                    .zxid();
            script.forEach(replay::run);
            replay.endSessions();
            return replay.ranked();
        }
    }

    private void run(Step step) {
        int index = step.session();
        StringBuilder line = new StringBuilder();
        boolean unordered = false;
        if (step instanceof Step.Send send) {
            runAll(send, line);
        } else if (step instanceof Step.Authenticate authenticate) {
            authenticate(authenticate, line);
        } else if (step instanceof Step.Offend offend) {
            Frame reply = sessions[index].call(offend.operation());
            noteEvents(index, line, false);
            line.append(text.of(offend.operation(), reply));
            noteClosed(index, line);
        } else if (step instanceof Step.Expire) {
            expire(index, line);
            unordered = true;
        } else if (step instanceof Step.Renew) {
            Frame reply = sessions[index].call(Operation.closeSession());
            noteEvents(index, line, true);
            line.append(text.of(Operation.closeSession(), reply));
            sessions[index].close();
            open(index);
            unordered = true;
        } else if (step instanceof Step.Cut) {
            sessions[index].close();
            cut[index] = true;
            line.append("cut");
        } else if (step instanceof Step.ComeBack back) {
            comeBack(back, line);
        }
        for (int i = 0; i < Script.SESSIONS; i++) {
            if (!cut[i]) {
                lastZxidSeen[i] = sessions[i].ping().zxid();
                noteEvents(i, line, unordered);
            }
        }
        told.add(line.toString());
    }

    private void runAll(Step.Send send, StringBuilder line) {
        RawSession session = sessions[send.session()];
        List<Integer> xids = new ArrayList<>();
        for (Operation operation : send.operations()) {
            xids.add(session.send(operation));
        }
        for (int i = 0; i < xids.size(); i++) {
            Frame reply = session.awaitReply(xids.get(i));
            noteEvents(send.session(), line, false);
            line.append(text.of(send.operations().get(i), reply)).append("; ");
        }
    }

    private void authenticate(Step.Authenticate step, StringBuilder line) {
        int index = step.session();
        @Nullable String proof = step.proof();
        byte @Nullable [] auth = proof == null ? null : proof.getBytes(StandardCharsets.UTF_8);
        Frame reply = sessions[index].authenticate(step.scheme(), auth);
        noteEvents(index, line, false);
        line.append(reply);
        if (reply.error() != 0) {
            noteClosed(index, line);
        }
    }

    /** The server has something against a client, and says so by closing. */
    private void noteClosed(int index, StringBuilder line) {
        line.append(sessions[index].connection().isClosedByServer() ? " and is closed" : " and stays open");
        sessions[index].close();
        cut[index] = true;
    }

    private void expire(int index, StringBuilder line) {
        RawSession expired = sessions[index];
        server.expireSession(expired.id());
        // Goes the same way as the end of the session, and behind it.
        observer.ping();
        expired.close();
        RawSession late = RawSession.reattach(port, expired, lastZxidSeen[index]);
        line.append("comes back to time-out ")
                .append(late.timeoutMs())
                .append(" of session ")
                .append(late.id());
        late.close();
        open(index);
    }

    private void comeBack(Step.ComeBack back, StringBuilder line) {
        int index = back.session();
        Step.WayBack way = back.wayBack();
        RawSession before = sessions[index];
        if (way.wrongPasswordFirst()) {
            RawSession refused = attach(before, new byte[16], way, lastZxidSeen[index]);
            line.append("refused with ")
                    .append(refused.timeoutMs())
                    .append(" and ")
                    .append(refused.id())
                    .append(", then ");
            refused.close();
        }
        sessions[index] = attach(before, before.password(), way, lastZxidSeen[index]);
        if (way.holding()) {
            line.append(before.connection().isClosedByServer() ? "holder is closed, " : "holder stays, ");
            before.close();
        }
        cut[index] = false;
        line.append("time-out ").append(sessions[index].timeoutMs()).append(' ');
        long since = back.sinceForever() ? 0 : lastZxidSeen[index];
        Operation watches = back.all()
                ? Operation.setWatches2(
                        since, back.data(), back.exist(), back.child(), back.persistent(), back.recursive())
                : Operation.setWatches(since, back.data(), back.exist(), back.child());
        Frame reply = sessions[index].setWatches(watches);
        noteEvents(index, line, true);
        line.append(text.of(watches, reply));
    }

    /** Ephemerals of one session die in no particular order, and setWatches tells in no particular order. */
    private void noteEvents(int index, StringBuilder line, boolean unordered) {
        List<String> events =
                sessions[index].takeFrames().stream().map(ReplyText::ofEvent).toList();
        if (!events.isEmpty()) {
            line.append(" session ")
                    .append(index)
                    .append(" sees ")
                    .append(unordered ? events.stream().sorted().toList() : events)
                    .append(' ');
        }
    }

    private RawSession attach(RawSession before, byte[] password, Step.WayBack way, long zxidSeen) {
        return RawSession.connect(
                port, new ConnectRequest(0, zxidSeen, way.timeoutMs(), before.id(), password, way.readOnly()));
    }

    private void open(int index) {
        sessions[index] = RawSession.open(port);
        sessionNames.put(sessions[index].id(), "session " + index + "." + sessionNames.size());
    }

    /**
     * A malformed write may use up a zxid, and ZooKeeper's often does; nothing ever bears that zxid, so it counts as the one
     * before.
     */
    private List<String> ranked() {
        SortedSet<Long> seen = new TreeSet<>(List.of(firstZxid));
        Set<Long> usedUp = new HashSet<>();
        for (String line : told) {
            Matcher matcher = ZXID.matcher(line);
            while (matcher.find()) {
                long zxid = Long.parseLong(matcher.group(2));
                if (seen.add(zxid) && !matcher.group(1).isEmpty()) {
                    usedUp.add(zxid);
                }
            }
        }
        Map<Long, Integer> ranks = new HashMap<>();
        int rank = 0;
        for (long zxid : seen) {
            rank += usedUp.contains(zxid) ? 0 : 1;
            ranks.put(zxid, rank);
        }
        return told.stream()
                .map(line -> ZXID.matcher(line).replaceAll(match -> "#" + ranks.get(Long.parseLong(match.group(2)))))
                .toList();
    }

    /** A session that expired later would change zxids in the middle of the next script. */
    private void endSessions() {
        for (int i = 0; i < Script.SESSIONS; i++) {
            if (cut[i]) {
                sessions[i] = RawSession.reattach(port, sessions[i], lastZxidSeen[i]);
            }
            sessions[i].endSession();
        }
        observer.endSession();
    }

    @Override
    public void close() {
        for (RawSession session : sessions) {
            session.close();
        }
        observer.close();
    }
}
