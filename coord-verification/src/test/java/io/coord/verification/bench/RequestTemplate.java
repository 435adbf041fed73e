package io.coord.verification.bench;

import io.coord.verification.wire.Operation;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * A whole frame, encoded once. Sending it costs a copy, the xid, and ten digits where its path ends with a number: the load
 * generator must be far cheaper than the server.
 */
final class RequestTemplate {
    static final int DIGITS = 10;

    private static final int XID_AT = 4;
    private static final int BODY_AT = 12;
    private static final int PATH_AT = BODY_AT + 4;
    private static final int NO_NUMBER = -1;

    private final byte[] frame;
    private final int lastDigitAt;

    private RequestTemplate(Operation operation, int lastDigitAt) {
        this.frame = ByteBuffer.allocate(BODY_AT + operation.body().length)
                .putInt(BODY_AT - XID_AT + operation.body().length)
                .putInt(0)
                .putInt(operation.code())
                .put(operation.body())
                .array();
        this.lastDigitAt = lastDigitAt;
    }

    /** The same request each time. */
    static RequestTemplate constant(Operation operation) {
        return new RequestTemplate(operation, NO_NUMBER);
    }

    /** @param operation a record that begins with the given path, which ends with {@link #number} */
    static RequestTemplate numbered(String path, Operation operation) {
        return new RequestTemplate(operation, PATH_AT + path.length() - 1);
    }

    /** A number as it stands at the end of a path: ten digits, as ZooKeeper numbers sequential nodes. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", number);
    }

    int bytes() {
        return frame.length;
    }

    void write(ByteBuffer out, int xid, long number) {
        int at = out.position();
        out.put(frame);
        out.putInt(at + XID_AT, xid);
        if (lastDigitAt != NO_NUMBER) {
            long rest = number;
            for (int i = 0; i < DIGITS; i++) {
                out.put(at + lastDigitAt - i, (byte) ('0' + rest % 10));
                rest /= 10;
            }
        }
    }
}
