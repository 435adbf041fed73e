package io.coord.server.internal.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What a backup says of itself, in a file of lines {@code key=value}.
 *
 * @param createdMs wall-clock milliseconds
 * @param snapshotIndex of the newest snapshot in it, 0 for none
 * @param lastIndex of the last entry of the log in it
 * @param zxid of the last transaction in it
 * @param timeMs of the last transaction in it, wall-clock milliseconds
 * @param files by their names
 */
record BackupManifest(
        long createdMs, long snapshotIndex, long lastIndex, long zxid, long timeMs, Map<String, FileSum> files) {
    static final String NAME = "backup.properties";

    private static final String FORMAT = "1";
    private static final String FILE_PREFIX = "file.";

    /** @param crc CRC-32C of all its bytes */
    record FileSum(long bytes, int crc) {
        static FileSum of(Path file) throws IOException {
            CRC32C crc = new CRC32C();
            long bytes = 0;
            try (InputStream in = Files.newInputStream(file)) {
                byte[] buffer = new byte[64 << 10];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    crc.update(buffer, 0, read);
                    bytes += read;
                }
            }
            return new FileSum(bytes, (int) crc.getValue());
        }

        private static FileSum parse(String text) {
            int comma = text.indexOf(',');
            return new FileSum(
                    Long.parseLong(text.substring(0, comma)), Integer.parseUnsignedInt(text.substring(comma + 1), 16));
        }

        @Override
        public String toString() {
            return bytes + "," + Integer.toHexString(crc);
        }
    }

    void write(Path directory) throws IOException {
        StringBuilder text = new StringBuilder();
        line(text, "format", FORMAT);
        line(text, "createdMs", createdMs);
        line(text, "snapshotIndex", snapshotIndex);
        line(text, "lastIndex", lastIndex);
        line(text, "zxid", "0x" + Long.toHexString(zxid));
        line(text, "timeMs", timeMs);
        files.forEach((name, sum) -> line(text, FILE_PREFIX + name, sum));
        Files.write(
                directory.resolve(NAME),
                text.toString().getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
    }

    private static void line(StringBuilder text, String key, Object value) {
        text.append(key).append('=').append(value).append('\n');
    }

    /** @throws BackupException when it is not one that this version of the program reads */
    static BackupManifest read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        Map<String, String> values = new TreeMap<>();
        Map<String, FileSum> files = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
            if (!FORMAT.equals(values.get("format"))) {
                throw new BackupException(
                        file + " has format " + values.get("format") + ", this Coord reads " + FORMAT);
            }
            for (Map.Entry<String, String> each : values.entrySet()) {
                if (each.getKey().startsWith(FILE_PREFIX)) {
                    files.put(each.getKey().substring(FILE_PREFIX.length()), FileSum.parse(each.getValue()));
                }
            }
            return new BackupManifest(
                    number(values, "createdMs"),
                    number(values, "snapshotIndex"),
                    number(values, "lastIndex"),
                    Long.decode(values.getOrDefault("zxid", "")),
                    number(values, "timeMs"),
                    files);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new BackupException(file + " is damaged", e);
        }
    }

    private static long number(Map<String, String> values, String key) {
        return Long.parseLong(values.getOrDefault(key, ""));
    }

    /** @throws BackupException naming the file that is not there, or not as it was */
    void requireFiles(Path directory) throws IOException {
        for (Map.Entry<String, FileSum> each : files.entrySet()) {
            Path file = directory.resolve(each.getKey());
            if (!Files.isRegularFile(file)) {
                throw new BackupException(file + " is missing from the backup");
            }
            FileSum found = FileSum.of(file);
            if (!found.equals(each.getValue())) {
                throw new BackupException(
                        file + " is damaged: it has " + found + " bytes and checksum, not " + each.getValue());
            }
        }
    }
}
