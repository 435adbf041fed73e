package io.coord.verification.bench;

import io.coord.verification.wire.Operation;

/** What a connection of the load generator asks for, again and again. */
enum Workload implements ReplySizes {
    SET_DATA("setData", HEADER + STAT) {
        @Override
        Operation request(String root, long number) {
            return Operation.setData(root, VALUE, Operation.ANY_VERSION);
        }
    },
    GET_DATA("getData", HEADER + INT + VALUE_BYTES + STAT) {
        @Override
        Operation request(String root, long number) {
            return Operation.getData(root, false);
        }
    },
    CREATE("create", ANY) {
        @Override
        Operation request(String root, long number) {
            return Operation.create(root + "/" + number, VALUE, Operation.PERSISTENT);
        }
    };

    private static final byte[] VALUE = new byte[VALUE_BYTES];

    private final String title;
    private final int replyBytes;

    Workload(String title, int replyBytes) {
        this.title = title;
        this.replyBytes = replyBytes;
    }

    /** Whether a whole reply to this request has this many bytes: a cheaper answer must not count as a fast one. */
    boolean isReply(int bytes) {
        return replyBytes == ANY ? bytes > HEADER : bytes == replyBytes;
    }

    String title() {
        return title;
    }

    /** The request with this number; the same for each number when the workload allows it. */
    abstract Operation request(String root, long number);

    boolean isConstant() {
        return this != CREATE;
    }
}
