package io.coord.cli.output;

import io.coord.protocol.data.Stat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** A stat in the eleven lines that ZooKeeper's shell prints. */
public final class StatText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.US)
            .withZone(ZoneId.systemDefault());

    private StatText() {}

    public static List<String> lines(Stat stat) {
        return List.of(
                "cZxid = " + hex(stat.czxid()),
                "ctime = " + time(stat.ctime()),
                "mZxid = " + hex(stat.mzxid()),
                "mtime = " + time(stat.mtime()),
                "pZxid = " + hex(stat.pzxid()),
                "cversion = " + stat.cversion(),
                "dataVersion = " + stat.version(),
                "aclVersion = " + stat.aversion(),
                "ephemeralOwner = " + hex(stat.ephemeralOwner()),
                "dataLength = " + stat.dataLength(),
                "numChildren = " + stat.numChildren());
    }

    public static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    private static String time(long epochMs) {
        return TIME.format(Instant.ofEpochMilli(epochMs));
    }
}
