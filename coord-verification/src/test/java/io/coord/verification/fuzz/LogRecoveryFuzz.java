package io.coord.verification.fuzz;

import io.coord.server.internal.log.Background;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.log.LogDamagedException;
import io.coord.server.internal.log.LogMismatchException;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.log.RecoveredLog;
import io.coord.server.internal.log.RecoveryListener;
import io.coord.server.internal.log.SnapshotWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Damages the files of a log and its snapshots in all ways that an input describes, checksums made to fit included, and
 * recovers. Either the damage is named, or what comes is what was written, and the log goes on behind it.
 */
public final class LogRecoveryFuzz {
    private static final int HEADER_BYTES = 40;
    private static final int RECORD_HEADER_BYTES = 24;
    private static final int CRC_BYTES = 4;
    private static final int MOST_DAMAGES = 12;
    private static final int BATCHES = 14;
    private static final int MOST_PAYLOAD = 60;
    private static final int SNAPSHOT_CHUNK = 10;
    private static final long NEW_ENTRY = 1_000_000;
    private static final int ENOUGH_MEMORY = 12 << 20;
    private static final LogConfig CONFIG =
            LogConfig.DEFAULT.withSegmentBytes(400, 1600).withZeroFill(false);

    private static final Complaints COMPLAINTS = Complaints.ALL;
    private static final MemoryDirectory WRITTEN = write();

    private LogRecoveryFuzz() {}

    /** Entry n carries the number n, then zeros. */
    private static MemoryDirectory write() {
        MemoryDirectory directory = new MemoryDirectory();
        try {
            RecoveredLog recovered = LogRecovery.recover(directory, CONFIG, new Inline(), new Entries(false));
            long number = 0;
            for (int batch = 1; batch <= BATCHES; batch++) {
                for (int i = 0; i < 3; i++) {
                    number++;
                    append(recovered, number);
                }
                recovered.log().commit();
                if (batch == 5 || batch == 10) {
                    recovered.log().confirm();
                    SnapshotWriter snapshot = recovered.snapshots().create(number);
                    for (long first = 1; first <= number; first += SNAPSHOT_CHUNK) {
                        ByteBuf chunk = Unpooled.buffer();
                        for (long each = first; each < first + SNAPSHOT_CHUNK && each <= number; each++) {
                            chunk.writeLong(each);
                        }
                        snapshot.write(chunk);
                    }
                    recovered.snapshots().finish(snapshot);
                }
            }
            recovered.log().close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return directory;
    }

    private static void append(RecoveredLog to, long number) throws IOException {
        ByteBuf out = to.log().beginEntry();
        out.writeLong(number).writeZero((int) (number * 7 % MOST_PAYLOAD));
        to.log().endEntry();
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        FuzzInput choices = new FuzzInput(input);
        MemoryDirectory damaged = WRITTEN.copy();
        boolean forged = false;
        for (int i = 0; i < MOST_DAMAGES && !choices.isEmpty(); i++) {
            forged |= damage(damaged, choices);
        }
        boolean anything = forged;
        Allocation.atMost(ENOUGH_MEMORY, "files of some kilobytes", () -> recover(damaged.copy(), anything));
        COMPLAINTS.isNone();
    }

    private static void recover(MemoryDirectory damaged, boolean forged) throws IOException {
        try {
            RecoveredLog recovered = LogRecovery.recover(damaged, CONFIG, new Inline(), new Entries(forged));
            long last = recovered.log().lastIndex();
            recovered.log().close();
            if (!forged) {
                goesOn(damaged, last);
            }
        } catch (LogDamagedException | LogMismatchException e) {
            namesItsFile(e);
        }
    }

    private static void namesItsFile(IOException damage) {
        if (!String.valueOf(damage.getMessage()).contains("/memory/")) {
            throw new AssertionError("which file?", damage);
        }
    }

    /** What was recovered is there again, with one more entry behind it. */
    private static void goesOn(MemoryDirectory directory, long last) throws IOException {
        RecoveredLog second = LogRecovery.recover(directory, CONFIG, new Inline(), new Entries(false));
        if (second.log().lastIndex() != last) {
            throw new AssertionError(
                    "recovered to " + last + ", and then to " + second.log().lastIndex());
        }
        ByteBuf out = second.log().beginEntry();
        out.writeLong(NEW_ENTRY);
        second.log().endEntry();
        second.log().commit();
        second.log().close();
        Entries third = new Entries(true);
        RecoveredLog again = LogRecovery.recover(directory, CONFIG, new Inline(), third);
        again.log().close();
        if (again.log().lastIndex() != last + 1 || third.lastNumber != NEW_ENTRY) {
            throw new AssertionError("an entry written behind " + last + " is gone");
        }
    }

    /** @return whether the result may look whole though it was never written */
    private static boolean damage(MemoryDirectory directory, FuzzInput choices) {
        List<String> names = directory.list();
        int kind = choices.choice(12);
        String name = names.isEmpty() ? "segment-x" : names.get(choices.choice(names.size()));
        byte[] bytes = directory.bytes(name);
        int at = bytes.length == 0 ? 0 : choices.choice(65_536) % bytes.length;
        switch (kind) {
            case 0, 1 -> {
                if (bytes.length > 0) {
                    bytes[at] ^= (byte) Math.max(1, choices.next());
                }
            }
            case 2 -> putInt(bytes, at, choices.extreme());
            case 3 -> directory.put(name, Arrays.copyOf(bytes, at));
            case 4 -> directory.put(name, Arrays.copyOf(bytes, bytes.length + choices.choice(2_000)));
            case 5 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + choices.choice(600)), (byte) 0);
            case 6 -> directory.delete(name);
            case 7 ->
                copyRange(
                        directory.bytes(names.isEmpty() ? name : names.get(choices.choice(names.size()))),
                        bytes,
                        at,
                        choices);
            case 8 -> {
                forgeRecord(bytes, at, choices);
                return true;
            }
            case 9 -> {
                forgeHeader(bytes, choices);
                return true;
            }
            case 10 -> {
                directory.put(foreignName(choices), choices.choice(2) == 0 ? bytes.clone() : choices.take(64));
                return true;
            }
            default -> {
                byte[] more = choices.take(choices.choice(64));
                byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
                System.arraycopy(more, 0, longer, bytes.length, more.length);
                directory.put(name, longer);
            }
        }
        return false;
    }

    private static void putInt(byte[] bytes, int at, int value) {
        if (at + Integer.BYTES <= bytes.length) {
            ByteBuffer.wrap(bytes).putInt(at, value);
        }
    }

    private static void copyRange(byte[] from, byte[] to, int at, FuzzInput choices) {
        int length = Math.min(choices.choice(300), Math.min(from.length - Math.min(from.length, at), to.length - at));
        int source = from.length == 0 ? 0 : choices.choice(65_536) % from.length;
        System.arraycopy(from, source, to, at, Math.max(0, Math.min(length, from.length - source)));
    }

    private static String foreignName(FuzzInput choices) {
        String prefix = choices.choice(2) == 0 ? "segment-" : "snapshot-";
        String suffix = List.of(".log", ".snap", ".tmp", "").get(choices.choice(4));
        String digits =
                switch (choices.choice(4)) {
                    case 0 -> "09223372036854775807";
                    case 1 -> "99999999999999999999";
                    case 2 -> "-0000000000000000001";
                    default -> String.format("%020d", choices.choice(64));
                };
        return prefix + digits + suffix;
    }

    /** Writes a field of the record, or chunk, that begins at or before a place, and makes its checksum fit. */
    private static void forgeRecord(byte[] bytes, int at, FuzzInput choices) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        int start = HEADER_BYTES;
        while (start + RECORD_HEADER_BYTES <= bytes.length) {
            int length = Math.max(0, file.getInt(start + CRC_BYTES) & 0xfffffff);
            int end = start + RECORD_HEADER_BYTES + length;
            if (length > bytes.length || end > at) {
                break;
            }
            start = end;
        }
        if (start + RECORD_HEADER_BYTES > bytes.length) {
            return;
        }
        putInt(bytes, start + CRC_BYTES + choices.choice(RECORD_HEADER_BYTES), choices.extreme());
        int claimed = file.getInt(start + CRC_BYTES) & 0xfffffff;
        int end = (int) Math.min(bytes.length, (long) start + RECORD_HEADER_BYTES + claimed);
        file.putInt(start, checksum(bytes, HEADER_BYTES - CRC_BYTES, CRC_BYTES, start + CRC_BYTES, end));
    }

    private static void forgeHeader(byte[] bytes, FuzzInput choices) {
        if (bytes.length >= HEADER_BYTES) {
            putInt(bytes, choices.choice(HEADER_BYTES - CRC_BYTES), choices.extreme());
            int crc = checksum(bytes, 0, 0, 0, HEADER_BYTES - CRC_BYTES);
            ByteBuffer.wrap(bytes).putInt(HEADER_BYTES - CRC_BYTES, crc);
        }
    }

    private static int checksum(byte[] bytes, int saltAt, int saltBytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, saltAt, saltBytes);
        crc.update(bytes, from, Math.max(0, to - from));
        return (int) crc.getValue();
    }

    /** Checks that what comes is what was written at that place. */
    private static final class Entries implements RecoveryListener {
        private final boolean forged;
        private long lastNumber;

        Entries(boolean forged) {
            this.forged = forged;
        }

        @Override
        public void onSnapshotStarted(long lastIndex) {
            lastNumber = 0;
        }

        @Override
        public void onSnapshotChunk(ByteBuf chunk) {
            while (!forged && chunk.isReadable()) {
                take(lastNumber + 1, chunk.readLong());
            }
            chunk.release();
        }

        @Override
        public void onSnapshotFinished() {}

        @Override
        public void onEntry(long index, ByteBuf entry) {
            if (forged) {
                lastNumber = entry.readableBytes() < Long.BYTES ? 0 : entry.readLong();
            } else {
                take(index, entry.readLong());
            }
        }

        private void take(long expected, long number) {
            if (number != expected) {
                throw new WrongEntry("entry " + expected + " carries " + number);
            }
            lastNumber = number;
        }
    }

    /** An error, so that recovery does not take it for damage. */
    private static final class WrongEntry extends Error {
        private static final long serialVersionUID = 1;

        WrongEntry(String message) {
            super(message);
        }
    }

    private static final class Inline implements Background {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public boolean isStopping() {
            return false;
        }
    }
}
