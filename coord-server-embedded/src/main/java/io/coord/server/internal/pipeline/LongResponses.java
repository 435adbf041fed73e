package io.coord.server.internal.pipeline;

import io.coord.protocol.data.Stat;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.GetAclRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.GetEphemeralsRequest;
import io.coord.protocol.request.MultiReadRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.ReplyHeader;
import io.coord.server.internal.metrics.Counter;
import io.coord.server.internal.runtime.Clock;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responses that are longer than a client would take: counted, and told to the operator. A read is refused when its response
 * has turned out to be too long; a write is refused beforehand, by the most that its response may take, because once it has
 * happened an error would be a lie.
 */
final class LongResponses {
    private static final Logger LOG = LoggerFactory.getLogger(LongResponses.class);
    /** One line for each of them would make the log the next victim of a client that tries again and again. */
    private static final long WARNING_INTERVAL_MS = 1_000;

    private static final int NAMED_READS = 3;

    /** No response of a write is longer than its request by more than this factor: setData on a path of one letter. */
    private static final int MOST_GROWTH = 4;

    private static final int LENGTH_BYTES = Integer.BYTES;
    /** Of a counter that has wrapped: it has a sign before its ten digits. */
    private static final int SUFFIX_BYTES = 11;

    private static final int MULTI_HEADER_BYTES = 9;
    private static final int FAILURE_BYTES = Integer.BYTES;

    private final Clock clock;
    private final Counter refused;
    private long countAtWarning;
    private long nextWarningMs;

    LongResponses(Clock clock, Counter refused) {
        this.clock = clock;
        this.refused = refused;
        this.nextWarningMs = clock.monotonicMs();
    }

    /** Whether a write's response might be longer than this. */
    static boolean mayExceed(Request write, int frameBytes, int maxResponseBytes) {
        return frameBytes > maxResponseBytes / MOST_GROWTH
                && ReplyHeader.WIRE_BYTES + mostBytesOf(write) > maxResponseBytes;
    }

    void onRefused(ClientConnection connection, Request request, long bytes, int maxResponseBytes) {
        refused.increment();
        long now = clock.monotonicMs();
        if (now < nextWarningMs) {
            return;
        }
        nextWarningMs = now + WARNING_INTERVAL_MS;
        LOG.warn(
                "{} got an error instead of a response of {} bytes, which is more than maxResponseBytes, {}: {}; {} such"
                        + " responses since the last line like this",
                connection,
                bytes,
                maxResponseBytes,
                describe(request),
                refused.total() - countAtWarning);
        countAtWarning = refused.total();
    }

    static long mostBytesOf(Request write) {
        if (write instanceof MultiRequest multi) {
            long sum = MULTI_HEADER_BYTES;
            for (Request each : multi.ops()) {
                sum += MULTI_HEADER_BYTES + Math.max(FAILURE_BYTES, mostBytesOf(each));
            }
            return sum;
        }
        return switch (write.op()) {
            case CREATE -> createdBytes(((CreateRequest) write).path());
            case CREATE2, CREATE_CONTAINER -> createdBytes(((CreateRequest) write).path()) + Stat.WIRE_BYTES;
            case CREATE_TTL -> createdBytes(((CreateTtlRequest) write).path()) + Stat.WIRE_BYTES;
            case SET_DATA, SET_ACL -> Stat.WIRE_BYTES;
            default -> 0;
        };
    }

    private static long createdBytes(String path) {
        return (long) LENGTH_BYTES + ByteBufUtil.utf8Bytes(path) + SUFFIX_BYTES;
    }

    private static String describe(Request request) {
        if (request instanceof GetChildrenRequest read) {
            return "getChildren of " + read.path();
        } else if (request instanceof GetDataRequest read) {
            return "getData of " + read.path();
        } else if (request instanceof GetAclRequest read) {
            return "getACL of " + read.path();
        } else if (request instanceof GetEphemeralsRequest read) {
            return "getEphemerals below " + read.prefixPath();
        } else if (request instanceof MultiReadRequest reads) {
            return describe("multiRead", reads.ops());
        } else if (request instanceof MultiRequest writes) {
            return "a multi of " + writes.ops().size() + " operations";
        }
        return request.op().toString();
    }

    private static String describe(String name, List<Request> reads) {
        StringBuilder text =
                new StringBuilder(name).append(" of ").append(reads.size()).append(", among them");
        for (Request each : reads.subList(0, Math.min(NAMED_READS, reads.size()))) {
            text.append(' ').append(describe(each));
        }
        return text.toString();
    }
}
