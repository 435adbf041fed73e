package io.coord.server.ensemble.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What is in a member's directory, while the member may be at work there. */
final class SnapshotFiles {
    private SnapshotFiles() {}

    /** Whole ones, with their checksums. */
    static Stream<Path> of(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all
                    .filter(each -> each.getFileName().toString().matches("snapshot\\.\\d+_\\d+\\.md5"))
                    .toList()
                    .stream();
        } catch (UncheckedIOException e) {
            // Something was renamed meanwhile.
            return Stream.of();
        } catch (NoSuchFileException e) {
            return Stream.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteAll(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.delete(each);
        }
    }
}
