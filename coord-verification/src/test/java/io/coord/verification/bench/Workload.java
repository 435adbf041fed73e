package io.coord.verification.bench;

import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.Stat;

/** A kind of load. Each connection works below a root of its own. */
enum Workload {
    SET_DATA("setData") {
        @Override
        RequestSource source(String root, int window) {
            return new Constant(Operation.setData(root, VALUE, Operation.ANY_VERSION), SET_REPLY) {
                @Override
                public long effects(RawSession session, long acknowledged) {
                    return stat(session, root).getVersion();
                }
            };
        }
    },
    GET_DATA("getData") {
        @Override
        RequestSource source(String root, int window) {
            return new Constant(Operation.getData(root, false), GET_REPLY) {
                @Override
                public long effects(RawSession session, long acknowledged) {
                    return acknowledged;
                }
            };
        }
    },
    CREATE("create") {
        @Override
        RequestSource source(String root, int window) {
            return new Creating(root);
        }
    },
    CREATE_DELETE("create + delete") {
        @Override
        RequestSource source(String root, int window) {
            return new CreatingAndDeleting(root);
        }
    },
    EPHEMERAL_SEQUENTIAL("ephemeral sequential create + delete") {
        @Override
        RequestSource source(String root, int window) {
            return new EphemeralSequential(root, window);
        }
    },
    MULTI("multi of 10 setData") {
        @Override
        RequestSource source(String root, int window) {
            return new MultiSetting(root);
        }
    },
    MIXED("90 % getData, 10 % setData") {
        @Override
        RequestSource source(String root, int window) {
            return new Mixed(root);
        }
    };

    static final byte[] VALUE = new byte[100];

    private static final int STAT_BYTES = 68;
    private static final int SET_REPLY = RequestSource.HEADER_BYTES + STAT_BYTES;
    private static final int GET_REPLY = RequestSource.HEADER_BYTES + 4 + VALUE.length + STAT_BYTES;

    private final String title;

    Workload(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** @param window the most requests that are outstanding at once */
    abstract RequestSource source(String root, int window);

    /** The child of a root that has this number. */
    static String child(String root, long number) {
        return root + "/" + RequestTemplate.number(number);
    }

    private static Stat stat(RawSession session, String path) {
        return session.ok(Operation.exists(path, false)).into(new Stat());
    }

    /** One request, again and again. */
    private abstract static class Constant implements RequestSource {
        private final RequestTemplate request;
        private final int replyBytes;

        Constant(Operation operation, int replyBytes) {
            this.request = RequestTemplate.constant(operation);
            this.replyBytes = replyBytes;
        }

        @Override
        public void write(ByteBuffer out, int xid, long index) {
            request.write(out, xid, index);
        }

        @Override
        public int longestRequestBytes() {
            return request.bytes();
        }

        @Override
        public boolean isReply(long index, int error, ByteBuffer in, int at, int length) {
            return error == 0 && length == replyBytes;
        }
    }

    /** New children, numbered; whoever runs it deletes them again. */
    private static final class Creating implements RequestSource {
        private final String root;
        private final RequestTemplate create;
        private final int replyBytes;

        Creating(String root) {
            this.root = root;
            String first = child(root, 0);
            this.create = RequestTemplate.numbered(first, Operation.create(first, VALUE, Operation.PERSISTENT));
            this.replyBytes = HEADER_BYTES + 4 + first.length();
        }

        @Override
        public void write(ByteBuffer out, int xid, long index) {
            create.write(out, xid, index);
        }

        @Override
        public int longestRequestBytes() {
            return create.bytes();
        }

        @Override
        public boolean isReply(long index, int error, ByteBuffer in, int at, int length) {
            return error == 0 && length == replyBytes;
        }

        @Override
        public long effects(RawSession session, long acknowledged) {
            return stat(session, root).getNumChildren();
        }
    }

    /** A child is created, and deleted by the next request. */
    private static final class CreatingAndDeleting implements RequestSource {
        private final String root;
        private final RequestTemplate create;
        private final RequestTemplate delete;
        private final int createReplyBytes;

        CreatingAndDeleting(String root) {
            this.root = root;
            String first = child(root, 0);
            this.create = RequestTemplate.numbered(first, Operation.create(first, VALUE, Operation.PERSISTENT));
            this.delete = RequestTemplate.numbered(first, Operation.delete(first, Operation.ANY_VERSION));
            this.createReplyBytes = HEADER_BYTES + 4 + first.length();
        }

        @Override
        public void write(ByteBuffer out, int xid, long index) {
            (index % 2 == 0 ? create : delete).write(out, xid, index / 2);
        }

        @Override
        public int longestRequestBytes() {
            return create.bytes();
        }

        @Override
        public boolean isReply(long index, int error, ByteBuffer in, int at, int length) {
            return error == 0 && length == (index % 2 == 0 ? createReplyBytes : HEADER_BYTES);
        }

        @Override
        public long effects(RawSession session, long acknowledged) {
            return stat(session, root).getCversion();
        }
    }

    /** Creates, and deletes each child as soon as its name is known: what locks and elections do. */
    private static final class EphemeralSequential implements RequestSource {
        private final String root;
        private final RequestTemplate create;
        private final RequestTemplate delete;
        private final int createReplyBytes;
        private final long[] named;
        private final boolean[] creates;
        private long firstNamed;
        private long nextNamed;

        EphemeralSequential(String root, int window) {
            this.root = root;
            String path = child(root, 0);
            this.create = RequestTemplate.constant(Operation.create(root + "/", VALUE, Operation.EPHEMERAL_SEQUENTIAL));
            this.delete = RequestTemplate.numbered(path, Operation.delete(path, Operation.ANY_VERSION));
            this.createReplyBytes = HEADER_BYTES + 4 + path.length();
            this.named = new long[window];
            this.creates = new boolean[window];
        }

        @Override
        public void write(ByteBuffer out, int xid, long index) {
            boolean creating = firstNamed == nextNamed;
            creates[(int) (index % creates.length)] = creating;
            if (creating) {
                create.write(out, xid, index);
            } else {
                delete.write(out, xid, named[(int) (firstNamed++ % named.length)]);
            }
        }

        @Override
        public int longestRequestBytes() {
            return create.bytes();
        }

        @Override
        public boolean isReply(long index, int error, ByteBuffer in, int at, int length) {
            boolean created = creates[(int) (index % creates.length)];
            if (error != 0 || length != (created ? createReplyBytes : HEADER_BYTES)) {
                return false;
            }
            if (created) {
                named[(int) (nextNamed++ % named.length)] = lastDigits(in, at + length);
            }
            return true;
        }

        private static long lastDigits(ByteBuffer in, int end) {
            long number = 0;
            for (int i = end - RequestTemplate.DIGITS; i < end; i++) {
                number = number * 10 + in.get(i) - '0';
            }
            return number;
        }

        @Override
        public long effects(RawSession session, long acknowledged) {
            return stat(session, root).getCversion();
        }
    }

    /** Ten children set in one transaction. */
    private static final class MultiSetting implements RequestSource {
        private static final int SETS = 10;
        private static final int MULTI_HEADER_BYTES = 9;
        private static final int REPLY_BYTES =
                HEADER_BYTES + SETS * (MULTI_HEADER_BYTES + STAT_BYTES) + MULTI_HEADER_BYTES;

        private final String root;
        private final RequestTemplate multi;

        MultiSetting(String root) {
            this.root = root;
            List<Op> sets = new ArrayList<>();
            for (int i = 0; i < SETS; i++) {
                sets.add(Op.setData(child(root, i), VALUE, Operation.ANY_VERSION));
            }
            this.multi = RequestTemplate.constant(Operation.multi(sets));
        }

        @Override
        public void prepare(RawSession session) {
            for (int i = 0; i < SETS; i++) {
                session.ok(Operation.create(child(root, i), VALUE, Operation.PERSISTENT));
            }
        }

        @Override
        public void write(ByteBuffer out, int xid, long index) {
            multi.write(out, xid, index);
        }

        @Override
        public int longestRequestBytes() {
            return multi.bytes();
        }

        @Override
        public boolean isReply(long index, int error, ByteBuffer in, int at, int length) {
            return error == 0 && length == REPLY_BYTES && in.getInt(at + HEADER_BYTES) == OpCode.setData;
        }

        @Override
        public long effects(RawSession session, long acknowledged) {
            return stat(session, child(root, SETS - 1)).getVersion();
        }
    }

    /** Each tenth request writes. */
    private static final class Mixed implements RequestSource {
        private static final int READS_AND_WRITE = 10;

        private final String root;
        private final RequestTemplate get;
        private final RequestTemplate set;

        Mixed(String root) {
            this.root = root;
            this.get = RequestTemplate.constant(Operation.getData(root, false));
            this.set = RequestTemplate.constant(Operation.setData(root, VALUE, Operation.ANY_VERSION));
        }

        @Override
        public void write(ByteBuffer out, int xid, long index) {
            (isWrite(index) ? set : get).write(out, xid, index);
        }

        private static boolean isWrite(long index) {
            return index % READS_AND_WRITE == 0;
        }

        @Override
        public int longestRequestBytes() {
            return set.bytes();
        }

        @Override
        public boolean isReply(long index, int error, ByteBuffer in, int at, int length) {
            return error == 0 && length == (isWrite(index) ? SET_REPLY : GET_REPLY);
        }

        @Override
        public long effects(RawSession session, long acknowledged) {
            long writes = (acknowledged + READS_AND_WRITE - 1) / READS_AND_WRITE;
            return stat(session, root).getVersion() == writes ? acknowledged : -1;
        }
    }
}
