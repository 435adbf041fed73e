package io.coord.server.internal.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Plain files in a gzipped tar (ustar), as any tar makes and reads it. Names without directories. */
final class TarArchive {
    private static final int BLOCK_BYTES = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE_AT = 156;
    private static final int MAGIC_AT = 257;
    private static final long MOST_OCTAL_SIZE = (1L << 33) - 1;
    /** The size follows as a binary number: more than eleven octal digits can say. */
    private static final byte BINARY = (byte) 0x80;

    private static final byte[] MAGIC = {'u', 's', 't', 'a', 'r', 0, '0', '0'};
    private static final int BUFFER_BYTES = 64 << 10;

    private TarArchive() {}

    /** Writes the named files of a directory, durably, to a file that must not exist. */
    static void write(Path archive, Path directory, List<String> names) throws IOException {
        try (OutputStream file = Files.newOutputStream(
                        archive, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
                OutputStream out = new GZIPOutputStream(file, BUFFER_BYTES)) {
            for (String name : names) {
                Path each = directory.resolve(name);
                long size = Files.size(each);
                out.write(header(name, size, Files.getLastModifiedTime(each).toMillis() / 1000));
                Files.copy(each, out);
                out.write(new byte[padding(size)]);
            }
            out.write(new byte[2 * BLOCK_BYTES]);
        }
    }

    private static int padding(long size) {
        return (int) ((BLOCK_BYTES - size % BLOCK_BYTES) % BLOCK_BYTES);
    }

    private static byte[] header(String name, long size, long modifiedSeconds) {
        byte[] header = new byte[BLOCK_BYTES];
        put(header, 0, name);
        put(header, 100, "0000600\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        if (size <= MOST_OCTAL_SIZE) {
            put(header, SIZE_AT, String.format("%011o", size));
        } else {
            header[SIZE_AT] = BINARY;
            for (int i = 0; i < Long.BYTES; i++) {
                header[SIZE_AT + SIZE_BYTES - 1 - i] = (byte) (size >>> (Byte.SIZE * i));
            }
        }
        put(header, 136, String.format("%011o", modifiedSeconds));
        header[TYPE_AT] = '0';
        System.arraycopy(MAGIC, 0, header, MAGIC_AT, MAGIC.length);
        put(header, CHECKSUM_AT, String.format("%06o\0 ", checksum(header)));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    /** As if its own field were blanks. */
    private static int checksum(byte[] header) {
        int sum = 0;
        for (int i = 0; i < BLOCK_BYTES; i++) {
            boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES;
            sum += own ? ' ' : header[i] & 0xff;
        }
        return sum;
    }

    /**
     * Unpacks into an empty directory.
     *
     * @throws BackupException when it is no archive, or has anything in it but plain files without directories
     */
    static void read(Path archive, Path directory) throws IOException {
        readEntries(
                archive,
                name -> Files.newOutputStream(
                        directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** @throws BackupException when it has not the files that it should have, or not as they were */
    static void requireSame(Path archive, BackupManifest manifest) throws IOException {
        Map<String, BackupManifest.FileSum> found = new TreeMap<>();
        readEntries(archive, name -> new SummingOutput(name, found));
        found.remove(BackupManifest.NAME);
        if (!found.equals(manifest.files())) {
            throw new BackupException(archive + " reads back as " + found + ", not " + manifest.files());
        }
    }

    /** Where an entry's bytes go. */
    @FunctionalInterface
    private interface Target {
        OutputStream open(String name) throws IOException;
    }

    private static void readEntries(Path archive, Target target) throws IOException {
        try (InputStream file = Files.newInputStream(archive);
                InputStream in = new GZIPInputStream(file, BUFFER_BYTES)) {
            byte[] header = in.readNBytes(BLOCK_BYTES);
            while (header.length == BLOCK_BYTES && header[0] != 0) {
                readEntry(archive, header, in, target);
                header = in.readNBytes(BLOCK_BYTES);
            }
            if (header.length < BLOCK_BYTES) {
                throw new EOFException("it ends too early");
            }
        } catch (BackupException e) {
            throw e;
        } catch (IOException | NumberFormatException e) {
            throw new BackupException(archive + " cannot be unpacked: " + e.getMessage(), e);
        }
    }

    private static void readEntry(Path archive, byte[] header, InputStream in, Target target) throws IOException {
        int end = 0;
        while (end < NAME_BYTES && header[end] != 0) {
            end++;
        }
        String name = new String(header, 0, end, StandardCharsets.UTF_8);
        String sum = new String(header, CHECKSUM_AT, 6, StandardCharsets.US_ASCII).strip();
        if (Integer.parseInt(sum, 8) != checksum(header)) {
            throw new BackupException(archive + " is damaged, or no tar archive");
        }
        // Nothing may land outside of the directory.
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9.-]*") || (header[TYPE_AT] != '0' && header[TYPE_AT] != 0)) {
            throw new BackupException(archive + " is no backup: it has an entry \"" + name + '"');
        }
        long size = size(header);
        long left = size;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream out = target.open(name)) {
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException("it ends within " + name);
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        in.skipNBytes(padding(size));
    }

    /** Keeps nothing but length and checksum. */
    private static final class SummingOutput extends OutputStream {
        private final String name;
        private final Map<String, BackupManifest.FileSum> sums;
        private final CRC32C crc = new CRC32C();
        private long bytes;

        SummingOutput(String name, Map<String, BackupManifest.FileSum> sums) {
            this.name = name;
            this.sums = sums;
        }

        @Override
        public void write(int value) {
            crc.update(value);
            bytes++;
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            crc.update(from, offset, length);
            bytes += length;
        }

        @Override
        public void close() {
            sums.put(name, new BackupManifest.FileSum(bytes, (int) crc.getValue()));
        }
    }

    private static long size(byte[] header) {
        if (header[SIZE_AT] == BINARY) {
            long size = 0;
            for (byte each : Arrays.copyOfRange(header, SIZE_AT + SIZE_BYTES - Long.BYTES, SIZE_AT + SIZE_BYTES)) {
                size = (size << Byte.SIZE) | (each & 0xff);
            }
            return size;
        }
        String octal = new String(header, SIZE_AT, SIZE_BYTES - 1, StandardCharsets.US_ASCII).strip();
        return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
    }
}
