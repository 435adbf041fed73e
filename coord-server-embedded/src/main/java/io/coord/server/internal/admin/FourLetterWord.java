package io.coord.server.internal.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** ZooKeeper's four-letter words. */
enum FourLetterWord {
    CONF,
    CONS,
    CRST,
    DIRS,
    DUMP,
    ENVI,
    GTMK,
    HASH,
    ISRO,
    MNTR,
    RUOK,
    SRST,
    SRVR,
    STAT,
    STMK,
    WCHC,
    WCHP,
    WCHS;

    private static final Map<Integer, FourLetterWord> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toMap(FourLetterWord::code, Function.identity()));

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its four bytes, as the number for which a frame's length would be taken. */
    int code() {
        return ByteBuffer.wrap(text().getBytes(StandardCharsets.US_ASCII)).getInt();
    }

    /** How many bytes come behind it. */
    int argumentBytes() {
        return this == STMK ? Long.BYTES : 0;
    }

    static @Nullable FourLetterWord of(int code) {
        return BY_CODE.get(code);
    }
}
