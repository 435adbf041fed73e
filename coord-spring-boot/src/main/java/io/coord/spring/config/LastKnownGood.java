package io.coord.spring.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file that keeps what was read last, as the znodes had it: one JSON object, sections by their names. It is replaced as a whole, so that
 * a reader sees one state or the other, and only its owner may read it.
 */
final class LastKnownGood {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SECTIONS = "sections";
    private static final String READ = "read";
    private static final String ZNODES = "znodes";

    private final Path file;
    private final Path directory;

    LastKnownGood(Path file) {
        this.file = file.toAbsolutePath();
        // A root is no file, which shows when it is written.
        this.directory = Objects.requireNonNullElse(this.file.getParent(), this.file);
    }

    Path file() {
        return file;
    }

    /** What the file holds of sections. */
    record Kept(Instant oldest, Map<ConfigSection, SortedMap<String, byte[]>> znodes) {}

    /**
     * @return null when there is no file, or it does not know one of the sections
     * @throws IOException when it cannot be read, or is no such file
     */
    @Nullable
    Kept read(List<ConfigSection> sections) throws IOException {
        ObjectNode known = sections();
        Instant oldest = Instant.MAX;
        Map<ConfigSection, SortedMap<String, byte[]>> znodes = new LinkedHashMap<>();
        for (ConfigSection section : sections) {
            JsonNode kept = known.get(key(section));
            if (kept == null) {
                return null;
            }
            Instant read = instant(kept.path(READ).asString(""));
            oldest = read.isBefore(oldest) ? read : oldest;
            SortedMap<String, byte[]> data = new TreeMap<>();
            for (Map.Entry<String, JsonNode> znode : kept.path(ZNODES).properties()) {
                data.put(znode.getKey(), znode.getValue().asString("").getBytes(StandardCharsets.UTF_8));
            }
            znodes.put(section, data);
        }
        return new Kept(oldest, znodes);
    }

    /**
     * Keeps these sections, and of others what is there already. When it throws, the file is as it was before.
     *
     * @param znodes data in UTF-8, by path
     */
    void write(Map<ConfigSection, SortedMap<String, byte[]>> znodes, Instant now) throws IOException {
        ObjectNode known = knownOrNothing();
        znodes.forEach((section, data) -> {
            ObjectNode kept = known.putObject(key(section));
            kept.put(READ, now.toString());
            ObjectNode texts = kept.putObject(ZNODES);
            data.forEach((path, bytes) -> texts.put(path, new String(bytes, StandardCharsets.UTF_8)));
        });
        ObjectNode root = JSON.createObjectNode();
        root.set(SECTIONS, known);
        replace(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }

    private static String key(ConfigSection section) {
        return section.name() + "?format=" + section.format();
    }

    private ObjectNode knownOrNothing() throws IOException {
        try {
            return sections();
        } catch (DamagedFileException e) {
            // It is about to be replaced by one that is whole.
            return JSON.createObjectNode();
        }
    }

    private ObjectNode sections() throws IOException {
        if (!Files.exists(file)) {
            return JSON.createObjectNode();
        }
        try {
            if (JSON.readTree(Files.readAllBytes(file)).get(SECTIONS) instanceof ObjectNode sections) {
                return sections;
            }
        } catch (JacksonException e) {
            // Its message quotes the file, which holds secrets.
            throw new DamagedFileException(file + " is damaged: no JSON");
        }
        throw new DamagedFileException(file + " is not a file of last known configuration");
    }

    private Instant instant(String text) throws IOException {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new DamagedFileException(file + " is damaged: no time '" + READ + "'");
        }
    }

    private void replace(byte[] content) throws IOException {
        Files.createDirectories(directory, forOwner("rwx------"));
        Path fresh = Files.createTempFile(directory, file.getFileName() + ".", ".new", forOwner("rw-------"));
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Where rights are not POSIX's, the directory's own rights decide. */
    private FileAttribute<?>[] forOwner(String permissions) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** The file is there and is not what it should be. */
    private static final class DamagedFileException extends IOException {

        private static final long serialVersionUID = 1;

        DamagedFileException(String message) {
            super(message);
        }
    }
}
