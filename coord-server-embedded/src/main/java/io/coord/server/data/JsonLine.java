package io.coord.server.data;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** One object of JSON on one line, field by field. */
final class JsonLine {
    private final StringBuilder text = new StringBuilder("{");
    private boolean first = true;

    JsonLine add(String name, @Nullable String value) {
        key(name);
        if (value == null) {
            text.append("null");
        } else {
            quote(value);
        }
        return this;
    }

    JsonLine add(String name, long value) {
        key(name);
        text.append(value);
        return this;
    }

    JsonLine add(String name, boolean value) {
        key(name);
        text.append(value);
        return this;
    }

    /** @param values objects that are whole */
    JsonLine add(String name, Collection<JsonLine> values) {
        key(name);
        text.append('[');
        String separator = "";
        for (JsonLine each : values) {
            text.append(separator).append(each);
            separator = ",";
        }
        text.append(']');
        return this;
    }

    JsonLine addTexts(String name, Collection<String> values) {
        key(name);
        text.append('[');
        boolean begun = false;
        for (String each : values) {
            if (begun) {
                text.append(',');
            }
            begun = true;
            quote(each);
        }
        text.append(']');
        return this;
    }

    private void key(String name) {
        if (!first) {
            text.append(',');
        }
        first = false;
        quote(name);
        text.append(':');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
