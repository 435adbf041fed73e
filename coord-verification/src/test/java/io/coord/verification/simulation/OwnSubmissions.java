package io.coord.verification.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a member has submitted and not yet heard of, in streams: when something of one is lost, all of it is of unknown fate. */
final class OwnSubmissions {
    /** A submission of unknown fate. */
    record Lost(long ticket, byte[] command) {}

    private record Submitted(long timeNs, byte[] command) {}

    private final Map<Long, Submitted> outstanding = new LinkedHashMap<>();
    private long stream;
    private long nextNumber;

    void add(long ticket, long nowNs, byte[] command) {
        outstanding.put(ticket, new Submitted(nowNs, command));
    }

    /** The number of a submission within the stream. */
    long nextNumber() {
        return nextNumber++;
    }

    long stream() {
        return stream;
    }

    /** Whether it was one of these. */
    boolean settle(long ticket) {
        return outstanding.remove(ticket) != null;
    }

    boolean isEmpty() {
        return outstanding.isEmpty();
    }

    /** Whether one was submitted before that moment. */
    boolean hasOlderThan(long timeNs) {
        return !outstanding.isEmpty() && outstanding.values().iterator().next().timeNs() < timeNs;
    }

    /** The stream is over, and the next one begins. */
    List<Lost> breakOff() {
        stream++;
        nextNumber = 0;
        List<Lost> lost = outstanding.entrySet().stream()
                .map(each -> new Lost(each.getKey(), each.getValue().command()))
                .toList();
        outstanding.clear();
        return lost;
    }
}
