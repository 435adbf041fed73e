package io.coord.verification.differential;

import io.coord.verification.wire.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.GetSASLRequest;
import org.jspecify.annotations.Nullable;

/** Makes up random steps of several sessions on a small tree. */
final class Script {
    static final int SESSIONS = 3;

    private static final List<Integer> UNKNOWN_OPERATIONS = List.of(0, 10, 13, 50, 102 + 50, -1, -77);
    private static final List<String> SCHEMES_NOBODY_ADDS =
            List.of("nonsense", "sasl", "super", "world", "auth", "x509");
    private static final List<Integer> TIMEOUTS_MS = List.of(9_000, 10_000, 60_000);

    private final RandomValues values;
    private final RandomOperations operations;
    private final boolean[] cut = new boolean[SESSIONS];

    private Script(long seed, String root) {
        Random random = new Random(seed);
        this.values = new RandomValues(random, root);
        this.operations = new RandomOperations(values, random.nextInt(3) == 0);
    }

    static List<Step> generate(long seed, String root, int steps) {
        Script script = new Script(seed, root);
        return IntStream.range(0, steps).mapToObj(i -> script.next()).toList();
    }

    private Step next() {
        int session = values.random.nextInt(SESSIONS);
        if (cut[session]) {
            cut[session] = false;
            return comeBack(session, values.oneIn(6), false);
        }
        int die = values.random.nextInt(400);
        if (die < 3) {
            return new Step.Renew(session);
        } else if (die < 6) {
            return new Step.Expire(session);
        } else if (die < 12) {
            cut[session] = true;
            return new Step.Cut(session);
        } else if (die < 15) {
            return comeBack(session, false, true);
        } else if (die < 25) {
            return new Step.Authenticate(session, "digest", values.pick(RandomValues.USERS) + ":secret");
        } else if (die < 28) {
            @Nullable String odd = values.pick(Arrays.asList("ann:wrong", "ann", "", ":", "ann:a:b", "super:guess"));
            return new Step.Authenticate(session, values.oneIn(3) ? "ip" : "digest", odd);
        } else if (die < 29) {
            Operation sasl = Operation.of(OpCode.sasl, new GetSASLRequest(new byte[values.random.nextInt(3)]));
            return new Step.Send(session, List.of(sasl), "sasl");
        } else if (die < 31) {
            cut[session] = true;
            return offend(session);
        }
        return operations.send(session);
    }

    private Step offend(int session) {
        return switch (values.random.nextInt(3)) {
            case 0 -> new Step.Authenticate(session, values.pick(SCHEMES_NOBODY_ADDS), "ann:secret");
            case 1 -> new Step.Authenticate(session, "digest", null);
            default -> {
                int op = values.pick(UNKNOWN_OPERATIONS);
                byte[] body = Operation.check(values.root(), -1).body();
                yield new Step.Offend(session, new Operation(op, body), "operation " + op);
            }
        };
    }

    private Step comeBack(int session, boolean wrongPasswordFirst, boolean holding) {
        return new Step.ComeBack(
                session,
                new Step.WayBack(values.pick(TIMEOUTS_MS), values.oneIn(4), wrongPasswordFirst, holding),
                values.random.nextBoolean(),
                values.oneIn(4),
                values.paths(),
                values.paths(),
                values.paths(),
                values.paths(),
                values.paths());
    }
}
