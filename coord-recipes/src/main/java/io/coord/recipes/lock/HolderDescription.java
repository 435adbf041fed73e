package io.coord.recipes.lock;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who stands in a lock's queue, as that client says itself. It is stored as JSON in the data of the lock's znode: Curator
 * leaves those to the application, so the names that both kinds of client agree on stay as they are. A Curator client
 * writes its address there unless it was told otherwise; that is read as a host of which nothing else is known.
 *
 * <pre>{@code
 * for (LockParticipant each : new LockQueue(client, "/locks/report").participants()) {
 *     Optional<HolderDescription> holder = each.holder();
 *     holder.ifPresent(who -> use(who.host(), who.processId(), who.thread(), who.purpose()));
 * }
 * }</pre>
 *
 * @param host name of its machine
 * @param processId of its process there; 0 when unknown
 * @param thread name of the thread that asked, or of the {@link LockOwner}; empty when unknown
 * @param since when it asked, by its own clock; null when unknown. {@link LockParticipant#since} is told by the server.
 * @param purpose what it wants the lock for; may be empty
 */
public record HolderDescription(
        String host,
        long processId,
        String thread,
        @Nullable Instant since,
        String purpose) {
    /** Longest purpose, in characters: all who wait write theirs. */
    static final int LONGEST_PURPOSE = 1000;

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{3,45}(%[\\w.-]+)?");

    /** The caller, who asks now. */
    static HolderDescription ofCaller(String thread, String purpose) {
        return new HolderDescription(LocalProcess.host(), LocalProcess.id(), thread, Instant.now(), purpose);
    }

    static String checkedPurpose(String purpose) {
        if (purpose.length() > LONGEST_PURPOSE) {
            throw new IllegalArgumentException(
                    "a purpose of " + purpose.length() + " characters; at most " + LONGEST_PURPOSE + " are possible");
        }
        return purpose;
    }

    /** What {@link #read} understands. */
    byte[] toBytes() {
        // By hand: each acquire writes one, and a mapper takes longer for it than for all else that the caller's thread
        // does.
        StringBuilder json = new StringBuilder(160 + purpose.length());
        append(json.append("{\"host\":"), host).append(",\"pid\":").append(processId);
        append(json.append(",\"thread\":"), thread);
        if (since != null) {
            json.append(",\"since\":\"").append(since).append('"');
        }
        if (!purpose.isEmpty()) {
            append(json.append(",\"purpose\":"), purpose);
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static StringBuilder append(StringBuilder json, String text) {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        return json.append('"');
    }

    /**
     * @param data of any znode of a queue, whoever wrote them
     * @return empty when they describe nobody
     */
    public static Optional<HolderDescription> read(byte[] data) {
        if (data.length == 0) {
            return Optional.empty();
        }
        return data[0] == '{' ? readJson(data) : readAddress(data);
    }

    private static Optional<HolderDescription> readJson(byte[] data) {
        try {
            JsonNode node = JSON.readTree(data);
            JsonNode host = node.path("host");
            if (!host.isString()) {
                return Optional.empty();
            }
            return Optional.of(new HolderDescription(
                    host.stringValue(),
                    node.path("pid").asLong(0),
                    node.path("thread").asString(""),
                    instant(node.path("since").asString("")),
                    node.path("purpose").asString("")));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static @Nullable Instant instant(String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Optional<HolderDescription> readAddress(byte[] data) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
            boolean isAddress = ADDRESS.matcher(text).matches() && (text.indexOf('.') > 0 || text.indexOf(':') >= 0);
            return isAddress ? Optional.of(new HolderDescription(text, 0, "", null, "")) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
