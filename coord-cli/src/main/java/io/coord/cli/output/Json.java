package io.coord.cli.output;

import io.coord.protocol.data.Stat;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Values as JSON: maps, iterables, strings, numbers, booleans, null. */
public final class Json {
    /** Shared: building one takes longer than a short answer. */
    public static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** One line. */
    public static String line(@Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(out, value);
        }
        return text.toString();
    }

    /**
     * Writes a value into a document.
     *
     * @throws IllegalArgumentException when it is of a kind that has no JSON
     */
    public static void write(JsonGenerator out, @Nullable Object value) {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            map.forEach((name, each) -> {
                out.writeName(String.valueOf(name));
                write(out, each);
            });
            out.writeEndObject();
        } else if (value instanceof Iterable<?> list) {
            out.writeStartArray();
            list.forEach(each -> write(out, each));
            out.writeEndArray();
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Integer number) {
            out.writeNumber(number);
        } else if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof Double number) {
            out.writeNumber(number);
        } else if (value instanceof Number number) {
            out.writeNumber(new BigDecimal(number.toString()));
        } else if (value instanceof CharSequence || value instanceof Enum) {
            out.writeString(value.toString());
        } else {
            throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    /** An object whose fields keep their order. */
    public static Map<String, @Nullable Object> object() {
        return new LinkedHashMap<>();
    }

    /** The eleven fields under the names of the wire record. */
    public static Map<String, @Nullable Object> stat(Stat stat) {
        Map<String, @Nullable Object> json = object();
        json.put("czxid", stat.czxid());
        json.put("mzxid", stat.mzxid());
        json.put("ctime", stat.ctime());
        json.put("mtime", stat.mtime());
        json.put("version", stat.version());
        json.put("cversion", stat.cversion());
        json.put("aversion", stat.aversion());
        json.put("ephemeralOwner", stat.ephemeralOwner());
        json.put("dataLength", stat.dataLength());
        json.put("numChildren", stat.numChildren());
        json.put("pzxid", stat.pzxid());
        return json;
    }

    /** As {@code data} where it is text in UTF-8 or null, else as {@code dataBase64}. */
    public static void putData(Map<String, @Nullable Object> json, byte @Nullable [] data) {
        @Nullable String text = data == null ? null : text(data);
        if (data == null || text != null) {
            json.put("data", text);
        } else {
            json.put("dataBase64", Base64.getEncoder().encodeToString(data));
        }
    }

    /** Null when the bytes are no UTF-8. */
    public static @Nullable String text(byte[] data) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
