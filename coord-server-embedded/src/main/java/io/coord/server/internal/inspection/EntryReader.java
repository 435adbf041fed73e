package io.coord.server.internal.inspection;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.Response;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.Effects;
import io.coord.server.internal.tree.TreeChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts a command, and what came of it, into words. */
final class EntryReader {
    private EntryReader() {}

    /** @param effects null when they are not known */
    static LogEntry read(String file, long offset, long index, Command command, @Nullable Effects effects) {
        long sessionId = 0;
        String operation;
        List<LogEntry.Step> steps = List.of();
        if (command instanceof Command.Write write) {
            sessionId = write.sessionId();
            operation = name(write.request().op().name());
            steps = steps(write.request());
        } else if (command instanceof Command.CreateSession) {
            operation = "createSession";
        } else if (command instanceof Command.AttachSession attach) {
            sessionId = attach.sessionId();
            operation = "attachSession";
        } else if (command instanceof Command.CloseSession close) {
            sessionId = close.sessionId();
            operation = close.expired() ? "expireSession" : "closeSession";
        } else if (command instanceof Command.ReapZnode reap) {
            operation = "reapZnode";
            steps = List.of(new LogEntry.Step(operation, reap.path(), null, ""));
        } else if (command instanceof Command.Barrier) {
            operation = "barrier";
        } else if (command instanceof Command.Reconfig reconfig) {
            sessionId = reconfig.sessionId();
            operation = "reconfig";
        } else if (command instanceof Command.EndReconfig end) {
            operation = end.done() ? "endReconfig" : "giveUpReconfig";
        } else if (command instanceof Command.NameMembers) {
            operation = "nameMembers";
        } else {
            operation = command.getClass().getSimpleName();
        }
        @Nullable Session opened = effects == null ? null : effects.opened();
        return new LogEntry(
                file,
                offset,
                index,
                effects == null ? LogEntry.UNKNOWN : effects.zxid(),
                command.timeMs(),
                opened == null ? sessionId : opened.id(),
                operation,
                steps,
                effects == null ? null : result(effects),
                effects == null ? List.of() : changes(effects.changes()));
    }

    /** A multi is answered with OK though one of its parts failed. */
    private static String result(Effects effects) {
        @Nullable Response response = effects.answer().response();
        if (response instanceof MultiResponse multi) {
            for (int i = 0; i < multi.results().size(); i++) {
                if (multi.results().get(i) instanceof MultiResponse.Failed failed
                        && failed.error() != 0
                        && failed.error() != ErrorCode.RUNTIME_INCONSISTENCY.code()) {
                    @Nullable ErrorCode known = ErrorCode.of(failed.error());
                    return "failed at step " + (i + 1) + ": " + (known == null ? failed.error() : known.name());
                }
            }
        }
        return effects.answer().error().name();
    }

    private static List<LogEntry.Change> changes(List<TreeChange> changes) {
        List<LogEntry.Change> told = new ArrayList<>(changes.size());
        for (TreeChange each : changes) {
            String kind =
                    switch (each.type()) {
                        case NODE_CREATED -> "created";
                        case NODE_DELETED -> "deleted";
                        case NODE_DATA_CHANGED, NODE_CHILDREN_CHANGED -> "changed";
                        default -> name(each.type().name());
                    };
            told.add(new LogEntry.Change(kind, each.path()));
        }
        return told;
    }

    private static List<LogEntry.Step> steps(Request request) {
        List<LogEntry.Step> steps = new ArrayList<>();
        if (request instanceof MultiRequest multi) {
            multi.ops().forEach(each -> steps.add(step(each)));
        } else {
            steps.add(step(request));
        }
        return steps;
    }

    private static LogEntry.Step step(Request request) {
        String operation = name(request.op().name());
        if (request instanceof CreateRequest create) {
            return new LogEntry.Step(operation, create.path(), create.data(), mode(create.flags()));
        } else if (request instanceof CreateTtlRequest create) {
            return new LogEntry.Step(
                    operation, create.path(), create.data(), mode(create.flags()) + ", ttl " + create.ttlMs() + " ms");
        } else if (request instanceof DeleteRequest delete) {
            return new LogEntry.Step(operation, delete.path(), null, version(delete.version()));
        } else if (request instanceof SetDataRequest set) {
            return new LogEntry.Step(operation, set.path(), set.data(), version(set.version()));
        } else if (request instanceof SetAclRequest set) {
            return new LogEntry.Step(operation, set.path(), null, "acl " + set.acl());
        } else if (request instanceof CheckVersionRequest check) {
            return new LogEntry.Step(operation, check.path(), null, version(check.version()));
        }
        return new LogEntry.Step(operation, "", null, "");
    }

    private static String mode(int flags) {
        @Nullable CreateMode mode = CreateMode.ofFlag(flags);
        return mode == null ? "flags " + flags : mode.name().toLowerCase(Locale.ROOT);
    }

    private static String version(int version) {
        return version == -1 ? "" : "version " + version;
    }

    /** {@code SET_DATA} becomes {@code setData}, as clients call it. */
    private static String name(String constant) {
        StringBuilder name = new StringBuilder();
        for (String part : constant.toLowerCase(Locale.ROOT).split("_", -1)) {
            name.append(name.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
        }
        return name.toString();
    }
}
