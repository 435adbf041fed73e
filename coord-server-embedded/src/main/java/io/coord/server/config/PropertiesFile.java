package io.coord.server.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Reads a file in the format of {@link Properties}, which is what ZooKeeper reads its configuration with, and keeps what that
 * forgets: on which line each key stands, and those that stand there twice. The JDK itself reads each entry, so escapes and
 * separators mean the same.
 *
 * <p>One difference: the file is taken for UTF-8, and only for ISO-8859-1 when it is none.
 */
final class PropertiesFile {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private PropertiesFile() {}

    static List<Setting> read(Path file) {
        try {
            return parse(file.toString(), decode(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw new InvalidConfigException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new InvalidConfigException(file + " cannot be read: " + e, e);
        }
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    static List<Setting> parse(String file, String text) {
        List<Setting> settings = new ArrayList<>();
        String[] lines = (text.indexOf(BYTE_ORDER_MARK) == 0 ? text.substring(1) : text).split("\r\n|\r|\n", -1);
        int next = 0;
        while (next < lines.length) {
            int first = next++;
            if (isBlankOrComment(lines[first])) {
                continue;
            }
            StringBuilder entry = new StringBuilder(lines[first]);
            while (isContinued(lines[next - 1]) && next < lines.length) {
                entry.append('\n').append(lines[next++]);
            }
            settings.add(entry(entry.toString(), file + ", line " + (first + 1)));
        }
        return settings;
    }

    private static boolean isBlankOrComment(String line) {
        String stripped = line.strip();
        return stripped.isEmpty() || stripped.charAt(0) == '#' || stripped.charAt(0) == '!';
    }

    private static boolean isContinued(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private static Setting entry(String text, String place) {
        Properties one = new Properties();
        try {
            one.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidConfigException(place + ": " + e.getMessage() + " A backslash is written twice.", e);
        }
        String key = one.stringPropertyNames().iterator().next();
        return new Setting(key.trim(), one.getProperty(key).trim(), place);
    }
}
