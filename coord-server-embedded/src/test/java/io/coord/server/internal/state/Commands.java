package io.coord.server.internal.state;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.replication.Command;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes requests and commands for tests. */
public final class Commands {
    public static final List<Id> NOBODY = List.of(new Id("ip", "127.0.0.1"));

    private Commands() {}

    public static byte[] password() {
        return new byte[16];
    }

    public static CreateRequest create(String path, int flags) {
        return new CreateRequest(OpCode.CREATE2, path, new byte[] {1}, Acl.OPEN, flags);
    }

    public static CreateRequest container(String path) {
        return new CreateRequest(OpCode.CREATE_CONTAINER, path, null, Acl.OPEN, 4);
    }

    public static CreateTtlRequest ttl(String path, int flags, long ttlMs) {
        return new CreateTtlRequest(path, new byte[] {1}, Acl.OPEN, flags, ttlMs);
    }

    public static DeleteRequest delete(String path) {
        return new DeleteRequest(path, -1);
    }

    public static SetDataRequest setData(String path, int version) {
        return new SetDataRequest(path, new byte[] {2, 2}, version);
    }

    public static Command.Write write(long timeMs, long session, Request request) {
        return new Command.Write(timeMs, session, 1, NOBODY, request);
    }

    /** Commands for a new state that meet on a small tree; many fail. */
    public static List<Command> random(long seed, int count) {
        return random(seed, count, 0);
    }

    /** As {@link #random(long, int)}, for a state that has opened some sessions already. */
    public static List<Command> random(long seed, int count, int sessionsBefore) {
        Random random = new Random(seed);
        int opened = sessionsBefore;
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long time = 1_000L + i - random.nextInt(5);
            long session = (1L << 56) + Math.max(1L, (long) opened - random.nextInt(4));
            int die = random.nextInt(100);
            if (i < 3 || die < 2) {
                opened++;
                byte[] password = new byte[16];
                random.nextBytes(password);
                commands.add(new Command.CreateSession(time, 4_000, password));
            } else if (die < 3) {
                commands.add(new Command.CloseSession(time, session, 1, random.nextBoolean()));
            } else if (die < 5) {
                commands.add(new Command.AttachSession(time, session, 8_000, new byte[16]));
            } else if (die < 9) {
                commands.add(new Command.ReapZnode(time, path(random), random.nextInt(3) * 20L));
            } else if (die < 25) {
                List<Request> ops = new ArrayList<>();
                for (int j = random.nextInt(5); j >= 0; j--) {
                    ops.add(random.nextInt(5) == 0 ? new CheckVersionRequest(path(random), -1) : request(random));
                }
                ops.removeIf(each -> each instanceof SetAclRequest);
                commands.add(enforced(write(time, session, new MultiRequest(ops))));
            } else {
                commands.add(enforced(write(time, session, request(random))));
            }
        }
        return commands;
    }

    private static Command.Write enforced(Command.Write write) {
        return new Command.Write(
                write.timeMs(),
                write.sessionId(),
                write.attachment(),
                write.ids(),
                Command.Rules.QUOTAS_ENFORCED,
                write.request());
    }

    /** Something below the znodes of quotas, which are few, so that they are often whole. */
    private static Request quotaRequest(Random random) {
        String quota = "/zookeeper/quota/" + (char) ('a' + random.nextInt(3)) + (random.nextInt(3) == 0 ? "/b" : "");
        String path =
                quota + List.of("", "/zookeeper_limits", "/zookeeper_stats").get(random.nextInt(3));
        int most = random.nextInt(30);
        byte[] text = ("count=" + most + ",bytes=-1=;byteHardLimit=" + 10 * most + ";countHardLimit=" + most)
                .getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(8)) {
            case 0 -> delete(path);
            case 1 -> new SetDataRequest(path, text, -1);
            default -> new CreateRequest(OpCode.CREATE, path, text, Acl.OPEN, 0);
        };
    }

    private static Request request(Random random) {
        if (random.nextInt(12) == 0) {
            return quotaRequest(random);
        }
        String path = path(random);
        int die = random.nextInt(12);
        if (die < 6) {
            return switch (die) {
                case 0 -> container(path);
                case 1 -> ttl(path, 5 + random.nextInt(2), 1 + random.nextInt(40));
                default -> create(path, random.nextInt(4));
            };
        }
        if (die < 8) {
            return delete(path);
        }
        if (die < 11) {
            return new SetDataRequest(path, new byte[random.nextInt(40)], random.nextInt(4) - 1);
        }
        return new SetAclRequest(path, random.nextInt(9) == 0 ? Acl.WORLD_READ : Acl.OPEN, -1);
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
            path.append('/').append((char) ('a' + random.nextInt(6)));
        }
        return path.toString();
    }
}
