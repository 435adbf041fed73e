package io.coord.server.internal.admin;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON: maps, lists, texts, numbers, truth values and null, which is all that commands answer with. Indented as
 * ZooKeeper's, so that people can read it and scripts that look line by line find what they look for.
 */
final class Json {
    private static final String INDENT = "  ";
    private static final char FIRST_PRINTABLE = 0x20;

    private final StringBuilder out = new StringBuilder();

    private Json() {}

    /** @throws IllegalArgumentException when something is of a kind that JSON has not */
    static String write(Map<?, ?> object) {
        Json json = new Json();
        json.writeObject(object, "\n");
        return json.out.append('\n').toString();
    }

    private void writeValue(@Nullable Object value, String newLine) {
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Number number) {
            writeNumber(number);
        } else if (value instanceof String text) {
            writeText(text);
        } else if (value instanceof Map<?, ?> object) {
            writeObject(object, newLine);
        } else if (value instanceof List<?> list) {
            writeList(list, newLine);
        } else {
            throw new IllegalArgumentException("no JSON: " + value.getClass());
        }
    }

    /** What is no number in JSON is written as text. */
    private void writeNumber(Number number) {
        if (number instanceof Double real && (real.isNaN() || real.isInfinite())) {
            writeText(real.toString());
        } else {
            out.append(number);
        }
    }

    private void writeObject(Map<?, ?> object, String newLine) {
        if (object.isEmpty()) {
            out.append("{ }");
            return;
        }
        out.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> each = object.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<?, ?> entry = each.next();
            out.append(newLine).append(INDENT);
            writeText(String.valueOf(entry.getKey()));
            out.append(" : ");
            writeValue(entry.getValue(), newLine + INDENT);
            if (each.hasNext()) {
                out.append(',');
            }
        }
        out.append(newLine).append('}');
    }

    private void writeList(List<?> list, String newLine) {
        out.append("[ ");
        for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
            writeValue(each.next(), newLine);
            out.append(each.hasNext() ? ", " : " ");
        }
        out.append(']');
    }

    private void writeText(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            switch (sign) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> writeSign(sign);
            }
        }
        out.append('"');
    }

    /** A surrogate without its other half would be no UTF-8. */
    private void writeSign(char sign) {
        if (sign < FIRST_PRINTABLE || Character.isSurrogate(sign)) {
            out.append("\\u").append(String.format("%04x", (int) sign));
        } else {
            out.append(sign);
        }
    }
}
